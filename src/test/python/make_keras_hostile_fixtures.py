#!/usr/bin/python3
"""Writes src/test/resources/fixtures/keras/hostile/*.h5: HDF5 files that lead out of the file, in circles, or lie.

Each is named after what is wrong with it. What h5py can be asked to write is written by it; the lies are put in by
changing bytes of a small honest file where the library says that its structures lie.
"""

import io
import json
import os
import struct

import h5py
import numpy as np

TARGET = os.path.join(os.path.dirname(__file__), "..", "resources", "fixtures", "keras", "hostile")


def build(fill, **options):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **options) as f:
        f.attrs["keras_version"] = b"2.9.0"
        fill(f)
    return bytearray(buffer.getvalue())


def header(data, path):
    with h5py.File(io.BytesIO(bytes(data)), "r") as f:
        return h5py.h5o.get_info(f[path].id).addr


def replace(data, start, old, new, reach=600):
    at = bytes(data).find(old, start, start + reach)
    assert at >= 0, (start, old)
    data[at : at + len(new)] = new
    return data


u64 = lambda v: struct.pack("<Q", v)
u32 = lambda v: struct.pack("<I", v)


KERNEL = "model_weights/dense/dense/kernel:0"


def model(inputs=6, units=7, **options):
    """One dense layer whose kernel is in truth 6 by 7."""
    settings = {"name": "dense", "batch_input_shape": [None, inputs], "units": units, "use_bias": False}
    config = {"name": "m", "layers": [{"class_name": "Dense", "config": settings}]}

    def fill(f):
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config}).encode()
        group = f.create_group("model_weights/dense")
        group.attrs["weight_names"] = [b"dense/kernel:0"]
        group.create_dataset("dense/kernel:0", data=np.zeros((6, 7), np.float32), **options)

    return build(fill)


def lie(old, new, inputs=6, units=7, **options):
    data = model(inputs, units, **options)
    return replace(data, header(data, KERNEL), old, new)


def cycle(f):
    inner = f.create_group("a/b")
    inner["again"] = f["a"]


def virtual(f):
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "data", shape=(4,))
    f.create_virtual_dataset("weights", layout)


def external(f):
    f.create_dataset("weights", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def committed(f):
    f["type"] = np.dtype("f4")


def soft(f):
    f["weights"] = h5py.SoftLink("/elsewhere")


def outside(f):
    f["weights"] = h5py.ExternalLink("other.h5", "/weights")


def many_groups(f):
    group = f
    for _ in range(100):
        group = group.create_group("g")


def group_in_itself():
    """The symbol table of a group names, as a member, the header of the root."""
    data = build(lambda f: f.create_group("a/b"))
    inner = header(data, "a/b")
    root = header(data, "/")
    at = bytes(data).find(u64(inner))
    data[at : at + 8] = u64(root)
    return data


def tree_in_itself():
    """A group's B-tree is its own child."""
    data = build(lambda f: f.create_group("a/b"))
    at = bytes(data).find(b"TREE")
    data[at + 5] = 1
    data[at + 32 : at + 40] = u64(at)
    return data


def wide_tree_in_itself():
    """Every child of a chunk index is the index itself: 64 to the power of its depth visits."""
    data = model(chunks=(1, 1))
    at = bytes(data).find(b"TREE\x01")
    data[at + 5] = 200
    entries = struct.unpack_from("<H", data, at + 6)[0]
    for i in range(entries):
        data[at + 24 + i * 40 + 32 : at + 24 + i * 40 + 40] = u64(at)
    return data


def bomb():
    """A kernel of 1 GiB in one chunk of a few bytes."""
    data = lie(u64(6) + u64(7), u64(1 << 14) + u64(1 << 14), 1 << 14, 1 << 14, chunks=(6, 7), compression="gzip")
    return replace(data, header(data, KERNEL), u32(6) + u32(7), u32(1 << 14) + u32(1 << 14))


def heap_lies():
    data = build(lambda f: f.attrs.__setitem__("text", "x" * 100))
    at = bytes(data).find(b"GCOL")
    data[at + 8 : at + 16] = u64(1 << 40)
    return data


def text_lies():
    data = build(lambda f: f.attrs.__setitem__("text", "y" * 100))
    return replace(data, 0, u32(100), u32(2**31), 10000)


def cut_off():
    """The data of the kernel lie beyond the end of the file."""
    data = model()
    with h5py.File(io.BytesIO(bytes(data)), "r") as f:
        address = f[KERNEL].id.get_offset()
    return replace(data, header(data, KERNEL), u64(address), u64(len(data) - 8))


FILES = {
    "external-link": lambda: build(outside),
    "soft-link": lambda: build(soft),
    "virtual-dataset": lambda: build(virtual, libver="latest"),
    "external-storage": lambda: build(external),
    "committed-type": lambda: build(committed),
    "cycle": lambda: build(cycle),
    "group-in-itself": group_in_itself,
    "tree-in-itself": tree_in_itself,
    "wide-tree-in-itself": wide_tree_in_itself,
    "groups-100-deep": lambda: build(many_groups),
    "dims-2-40": lambda: lie(u64(6), u64(1 << 40)),
    "dims-in-thousands": lambda: lie(u64(6) + u64(7), u64(20000) + u64(20000), 20000, 20000),
    "data-beyond-file": lambda: cut_off(),
    "dims-overflow": lambda: lie(u64(6) + u64(7), u64(1 << 62) + u64(1 << 62)),
    "dims-negative": lambda: lie(u64(6), u64(2**64 - 6)),
    "size-beyond-file": lambda: lie(u64(168), u64(1 << 33)),
    "chunk-bomb": lambda: bomb(),
    "chunks-missing": lambda: lie(u64(6) + u64(7), u64(600) + u64(7), 600, 7, chunks=(6, 7), compression="gzip"),
    "chunk-of-2-32": lambda: lie(u32(6) + u32(7), u32(2**31) + u32(2**31), chunks=(6, 7), compression="gzip"),
    "unknown-filter": lambda: model(chunks=(6, 7), compression="lzf"),
    "object-references": lambda: build(lambda f: f.create_dataset("r", data=np.array([f.ref], dtype=h5py.ref_dtype))),
    "compound": lambda: build(lambda f: f.create_dataset("c", data=np.zeros(2, [("a", "f4"), ("b", "i4")]))),
    "heap-of-2-40": heap_lies,
    "text-of-2-31": text_lies,
}


def main():
    os.makedirs(TARGET, exist_ok=True)
    for name, make in FILES.items():
        with open(os.path.join(TARGET, name + ".h5"), "wb") as f:
            f.write(bytes(make()))


main()
