#!/usr/bin/python3
"""Compares a pruned Keras file with its original, without any of the Java code: h5py, zipfile, NumPy and PyTorch.

    judge_pruned_keras.py [--same-outputs] ORIGINAL PRUNED [TENSOR ...]

TENSOR are the names of the tensors that may differ: a weight's name (.h5) or its dataset's path (.keras). Fails when

* any other dataset, any attribute, name, type or zip entry differs;
* shapes are the same, the changed datasets lie in one piece, and a byte outside of them differs (but for the
  checksums of the zip entry that holds them);
* shapes differ, and the written configuration and the weights do not fit each other: then the weights' shapes that
  every layer's settings ask for are worked out from the configuration, and the model is run; with --same-outputs its
  outputs must be those of ORIGINAL to 1e-4 on random input (channels that gave nothing were removed).
"""

import io
import json
import os
import sys
import zipfile

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import keras_reference as reference  # noqa: E402

FAILURES = []


def check(holds, message):
    if not holds:
        FAILURES.append(message)


class File:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.bytes = f.read()
        self.entries, self.config, start = None, None, 0
        self.archive = zipfile.is_zipfile(path) and not self.bytes.startswith(b"\x89HDF")
        weights = self.bytes
        if self.archive:
            with zipfile.ZipFile(path) as z:
                check(z.testzip() is None, "an entry of the archive is damaged")
                self.entries = [(i.filename, i.compress_type, z.read(i)) for i in z.infolist()]
                info = z.getinfo("model.weights.h5")
                self.stored = info.compress_type == zipfile.ZIP_STORED
                name = int.from_bytes(self.bytes[info.header_offset + 26 : info.header_offset + 28], "little")
                extra = int.from_bytes(self.bytes[info.header_offset + 28 : info.header_offset + 30], "little")
                start = info.header_offset + 30 + name + extra
                weights = z.read("model.weights.h5")
                self.config = json.loads(z.read("config.json"))
                self.checksums = [(info.header_offset + 14, 4)]
                directory = self.bytes.rfind(b"PK\x01\x02", 0, self.bytes.rfind(b"model.weights.h5"))
                self.checksums.append((directory + 16, 4))
        self.start = start
        self.data, self.attributes, self.places = {}, {}, {}
        with h5py.File(io.BytesIO(weights), "r") as f:
            self.visit("", f)
            f.visititems(self.visit)
            if not self.archive:
                self.config = json.loads(f.attrs["model_config"])

    def visit(self, name, item):
        self.attributes[name] = {k: item.attrs[k] for k in item.attrs if (name, k) != ("", "model_config")}
        if isinstance(item, h5py.Dataset):
            self.data[name] = (item[()], item.dtype, item.compression, item.shuffle, item.maxshape)
            self.places[name] = (item.id.get_offset(), item.id.get_storage_size())


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and (a.tobytes() == b.tobytes() if a.dtype.kind != "O" else list(a.ravel()) == list(b.ravel()))


def listed(path, names):
    return any(path == n or path.endswith("/" + n) for n in names)


def weight_shapes(kind, c, before):
    """The sizes that a layer's settings fix: (index of the weight, axis) to size."""
    rank = before[0].ndim if before else 0
    if kind == "Dense":
        return {(0, 1): c["units"], **({(1, 0): c["units"]} if c["use_bias"] else {})}
    if kind.startswith("Conv") and not kind.endswith("Transpose"):
        sizes = c["kernel_size"] if isinstance(c["kernel_size"], list) else [c["kernel_size"]] * (rank - 2)
        fixed = {(0, i): s for i, s in enumerate(sizes)}
        return {**fixed, (0, rank - 1): c["filters"], **({(1, 0): c["filters"]} if c["use_bias"] else {})}
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
        return {(0, 1): gates * c["units"], (1, 0): c["units"], (1, 1): gates * c["units"]}
    return {}


ORDER = "kernel depthwise_kernel pointwise_kernel recurrent_kernel bias gamma beta moving_mean moving_variance".split()


def nested_weights(file, config, path="", found=None):
    """Weights by layer name in models that hold models: by dataset name (.h5), by class and number (.keras)."""
    found = {} if found is None else found
    if not file.archive:
        for name, (value, *_) in file.data.items():
            parts = name.split("/")
            if parts[0] == "model_weights":
                found.setdefault(parts[-2], {})[parts[-1].split(":")[0]] = value
        return {layer: [w[n] for n in ORDER if n in w] for layer, w in found.items()}
    used = {}
    for entry in config["config"]["layers"]:
        key = reference.snake(entry["class_name"])
        used[key] = used.get(key, -1) + 1
        here = f"{path}layers/{key}" + (f"_{used[key]}" if used[key] else "")
        if "layers" in entry["config"]:
            nested_weights(file, entry, here + "/", found)
        held = sorted(p for p in file.data if p.startswith(here + "/vars/"))
        found[entry["config"].get("name")] = [file.data[p][0] for p in held]
    return found


def check_sizes(config, weights):
    for entry in config["config"]["layers"]:
        c = entry["config"]
        if "layers" in c:
            check_sizes(entry, weights)
            continue
        held = weights.get(c["name"], [])
        for (index, axis), size in weight_shapes(entry["class_name"], c, held).items():
            check(held[index].shape[axis] == size, f"{c['name']}: weight {index} has shape {held[index].shape}, configured {size}")
        build = (entry.get("build_config") or {}).get("input_shape")
        if build and held and entry["class_name"] in ("Dense", "BatchNormalization"):
            check(build[-1] == held[0].shape[0], f"{c['name']}: built for {build}, weights {held[0].shape}")
        if build and held and entry["class_name"] == "Conv2D":
            check(build[-1] == held[0].shape[2], f"{c['name']}: built for {build}, weights {held[0].shape}")


def inputs_of(config, rng):
    feeds = {}
    for entry in config["config"]["layers"]:
        shape = entry["config"].get("batch_input_shape") or entry["config"].get("batch_shape")
        if shape:
            feeds[entry["config"]["name"]] = rng.normal(size=[3] + [s or 5 for s in shape[1:]])
    return feeds


def check_outputs(original, pruned, config, must_agree):
    feeds = inputs_of(config, np.random.default_rng(0))
    after = reference.forward(pruned, feeds)
    check(all(np.isfinite(a).all() for a in after), "outputs are not finite")
    if must_agree:
        for a, b in zip(reference.forward(original, feeds), after):
            check(np.abs(a - b).max() < 1e-4, f"outputs differ by {np.abs(a - b).max()}")


def is_nested(config):
    return any("layers" in entry["config"] for entry in config["config"]["layers"])


def main(original, pruned, names, must_agree):
    a, b = File(original), File(pruned)
    dropped = {"optimizer_weights", "optimizer"}
    changed, resized = [], False
    for path, (value, dtype, *storage) in a.data.items():
        if path not in b.data:
            check(path.split("/")[0] in dropped, f"'{path}' is missing")
            continue
        other, other_dtype, *other_storage = b.data[path]
        check(dtype == other_dtype, f"'{path}' has another type")
        check(storage[:2] == other_storage[:2], f"'{path}' is compressed otherwise")
        if not same(value, other):
            changed.append(path)
            resized |= np.shape(value) != np.shape(other)
            check(listed(path, names), f"'{path}' differs")
    for path in b.data:
        check(path in a.data, f"'{path}' is new")
    for path, values in a.attributes.items():
        if path not in b.attributes:
            check(resized and path.split("/")[0] in dropped, f"'{path}' is missing")
            continue
        found = b.attributes[path]
        check(list(values) == list(found), f"attributes of '{path}' are {list(found)}, not {list(values)}")
        for name in values:
            check(name in found and same(values[name], found[name]), f"attribute '{name}' of '{path}' differs")
    if not resized:
        check(set(a.data) == set(b.data), "datasets are missing")
        check(a.config == b.config, "the configuration differs")
    if a.archive:
        check([e[:2] for e in a.entries] == [e[:2] for e in b.entries], "the archive's entries differ")
        for (name, _, x), (_, _, y) in zip(a.entries, b.entries):
            check(x == y or name == "model.weights.h5" or (resized and name == "config.json"), f"entry '{name}' differs")
    in_one_piece = all(a.places[p][0] is not None and a.data[p][2] is None for p in changed)
    outside = None
    if not resized and in_one_piece and (not a.archive or a.stored):
        check(len(a.bytes) == len(b.bytes), "the length differs")
        mask = np.frombuffer(a.bytes, np.uint8) != np.frombuffer(b.bytes, np.uint8)
        for path in changed:
            offset, size = a.places[path]
            mask[a.start + offset : a.start + offset + size] = False
        for offset, size in a.checksums if a.archive else []:
            mask[offset : offset + size] = False
        outside = int(mask.sum())
        check(outside == 0, f"{outside} bytes outside the changed tensors differ")
    if resized:
        if is_nested(b.config):
            check_sizes(b.config, nested_weights(b, b.config))
        else:
            check_sizes(b.config, reference.load(pruned)[1])
            check_outputs(original, pruned, b.config, must_agree)
    report = {"changed": changed, "resized": resized, "bytesDifferingOutside": outside, "failures": FAILURES}
    print(json.dumps(report))
    sys.exit(1 if FAILURES else 0)


arguments = [a for a in sys.argv[1:] if a != "--same-outputs"]
main(arguments[0], arguments[1], arguments[2:], "--same-outputs" in sys.argv)
