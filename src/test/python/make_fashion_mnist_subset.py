#!/usr/bin/python3
"""Writes src/test/resources/fashion-mnist from Debian's package dataset-fashion-mnist.

The first 10,000 of the 60,000 training images, in the order of the original file (which is
shuffled: the classes have 942 to 1,027 images each), and all 10,000 test images, unchanged.

Usage: make_fashion_mnist_subset.py [TARGET]
"""
import gzip
import pathlib
import shutil
import struct
import sys

IMAGES = 10_000
SOURCE = pathlib.Path("/usr/share/datasets/fashion-mnist")
LICENCE = pathlib.Path("/usr/share/doc/dataset-fashion-mnist/copyright")
TARGET = pathlib.Path(__file__).parent.parent / "resources" / "fashion-mnist"


def first(name, target):
    """Copies an idx file with its first dimension cut to IMAGES."""
    with gzip.open(SOURCE / name) as source:
        data = source.read()
    rank = data[3]
    shape = struct.unpack(f">{rank}i", data[4 : 4 + 4 * rank])
    sample = 1
    for extent in shape[1:]:
        sample *= extent
    start = 4 + 4 * rank
    head = data[:4] + struct.pack(f">{rank}i", IMAGES, *shape[1:])
    # No time stamp and no name in the header: the same bytes on every run.
    with open(target / name.replace("train-", "train10k-"), "wb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=9, mtime=0) as out:
            out.write(head + data[start : start + IMAGES * sample])


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.mkdir(parents=True, exist_ok=True)
    for name in ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"):
        first(name, target)
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        shutil.copyfile(SOURCE / name, target / name)
    shutil.copyfile(LICENCE, target / "LICENSE")


main()
