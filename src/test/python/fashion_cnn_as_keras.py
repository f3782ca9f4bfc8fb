#!/usr/bin/python3
"""Writes the PyTorch CNN of the fixtures as Keras would have: the same weights, channels last.

    fashion_cnn_as_keras.py ORIGINAL.onnx FOLDER

FOLDER gets fashion-cnn.h5 (Keras 2, with an optimizer's state), fashion-cnn.keras (Keras 3) and test.npz, the shipped
Fashion-MNIST test images as those models take them. Needs onnx, h5py, numpy and torch.
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper

import fashion_mnist_npz
from make_keras_file_fixtures import Node, sequential, settle, write_h5, write_keras


def model(weights, keras):
    nodes = [
        Node("InputLayer", "image", keras, shape=(28, 28, 1)),
        Node("Conv2D", "conv1", keras, filters=16, activation="relu"),
        Node("MaxPooling2D", "pool1", keras),
        Node("Conv2D", "conv2", keras, filters=32, activation="relu"),
        Node("MaxPooling2D", "pool2", keras),
        Node("Flatten", "flatten", keras),
        Node("Dense", "fc1", keras, units=64, activation="relu"),
        Node("Dense", "fc2", keras, units=10, activation="softmax"),
    ]
    for node in nodes:
        if node.name.startswith("conv"):
            node.weights = [
                ("kernel", weights[node.name + ".weight"].transpose(2, 3, 1, 0).copy()),
                ("bias", weights[node.name + ".bias"]),
            ]
        elif node.name.startswith("fc"):
            kernel = weights[node.name + ".weight"].T
            if node.name == "fc1":  # rows ran over channels first
                kernel = kernel.reshape(32, 7, 7, 64).transpose(1, 2, 0, 3).reshape(1568, 64)
            node.weights = [("kernel", kernel.copy()), ("bias", weights[node.name + ".bias"])]
    found = sequential("fashion_cnn", nodes, keras)
    return settle(found, {"image": np.zeros((1, 28, 28, 1))}, keras)[0]


def main(original, folder):
    folder = pathlib.Path(folder)
    graph = onnx.load(original).graph
    weights = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    write_h5(folder / "fashion-cnn.h5", model(weights, 2), "2.15.0", optimizer=True)
    write_keras(folder / "fashion-cnn.keras", model(weights, 3))
    fashion_mnist_npz.main(folder / "test.npz")
    with np.load(folder / "test.npz") as data:
        x, y = data["x"], data["y"]
    np.savez(folder / "test.npz", x=x.reshape(-1, 28, 28, 1), y=y)


if __name__ == "__main__":
    main(*sys.argv[1:])
