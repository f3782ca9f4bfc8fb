#!/usr/bin/python3
"""Trains the dense networks of docs/results.md, where all methods start from.

    bench_dense.py DIRECTORY NETWORK SEED

Reads the files of bench_data.py in DIRECTORY; writes NETWORK-SEED.onnx and NETWORK-SEED.pt.
"""

import pathlib
import sys

import torch

from bench_networks import NETWORKS, adam, build, epochs_of, export, samples


def main():
    directory, name, seed = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model = build(name)
    x, y = samples(directory, name, "training")
    network = NETWORKS[name]
    cosine = network.get("cosine", False)
    epochs_of(model, adam(model), x, y, network["epochs"], network["batch"], cosine)
    torch.save(model.state_dict(), directory / f"{name}-{seed}.pt")
    export(model, x, directory / f"{name}-{seed}.onnx")


if __name__ == "__main__":
    main()
