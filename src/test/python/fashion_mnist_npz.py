#!/usr/bin/env python3
"""The shipped Fashion-MNIST test images as an .npz of a model with one input in [0, 1].

    fashion_mnist_npz.py TARGET.npz [test|train]
"""
import gzip
import pathlib
import sys

import numpy

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "fashion-mnist"


def idx(part, kind, header):
    (path,) = FOLDER.glob(f"*{part}*{kind}*.gz")
    return numpy.frombuffer(gzip.open(path).read(), numpy.uint8, offset=header)


def main(target, part="test"):
    part = {"test": "t10k", "train": "train"}[part]
    images = idx(part, "images", 16).reshape(-1, 1, 28, 28).astype(numpy.float32) / 255
    numpy.savez(target, x=images, y=idx(part, "labels", 8).astype(numpy.int64))


if __name__ == "__main__":
    main(*sys.argv[1:])
