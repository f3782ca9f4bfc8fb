#!/usr/bin/python3
"""Trains a small CNN and an MLP on Fashion-MNIST in PyTorch and exports both to ONNX.

Made with Debian 12's python3-torch 1.13 and dataset-fashion-mnist (MIT). Usage:

    python3 export_fashion_cnn.py OUTPUT_DIRECTORY

Inputs are pixel / 255 as float32, nothing else: no mean, no standard deviation. Written for each
model, NAME being fashion-cnn (input [n,1,28,28]) or fashion-mlp (input [n,784]):

    NAME.onnx              the trained model, batch dimension free
    NAME.predictions.npy   uint8 [10000], PyTorch's arg max for every test image in file order
    NAME.logits.npy        float32 [64,10], PyTorch's outputs for the first 64 test images
    sample.npy             uint8 [64,28,28], those 64 images
"""

import gzip
import pathlib
import sys

import numpy
import torch
from torch import nn

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
SAMPLES = 64


def images(name):
    with gzip.open(DATA / f"{name}-images-idx3-ubyte.gz") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)


def labels(name):
    with gzip.open(DATA / f"{name}-labels-idx1-ubyte.gz") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=8).astype(numpy.int64)


class FashionCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.25)
        self.fc1 = nn.Linear(32 * 7 * 7, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = self.dropout(torch.flatten(x, 1))
        return self.fc2(torch.relu(self.fc1(x)))


class FashionMlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 96)
        self.fc2 = nn.Linear(96, 10)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


def train(model, x, y, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()
    model.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(128):
            optimizer.zero_grad()
            loss_of(model(x[batch]), y[batch]).backward()
            optimizer.step()
    model.eval()


def export(model, name, opset, epochs, train_x, train_y, test_x, test_y, directory):
    train(model, train_x, train_y, epochs)
    with torch.no_grad():
        logits = torch.cat([model(part) for part in test_x.split(500)])
    predictions = logits.argmax(1)
    accuracy = (predictions == test_y).float().mean().item()
    print(f"{name}: accuracy {accuracy:.4f} on {len(test_x)} test images")
    if accuracy < 0.85:
        sys.exit(f"{name} did not train: {accuracy}")
    numpy.save(directory / f"{name}.predictions.npy", predictions.numpy().astype(numpy.uint8))
    numpy.save(directory / f"{name}.logits.npy", logits[:SAMPLES].numpy())
    torch.onnx.export(
        model,
        test_x[:1],
        directory / f"{name}.onnx",
        opset_version=opset,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
    )


def main():
    directory = pathlib.Path(sys.argv[1])
    torch.manual_seed(42)
    torch.set_num_threads(1)
    train_x = torch.from_numpy(images("train").astype(numpy.float32) / numpy.float32(255))
    test_x = torch.from_numpy(images("t10k").astype(numpy.float32) / numpy.float32(255))
    train_y, test_y = torch.from_numpy(labels("train")), torch.from_numpy(labels("t10k"))
    numpy.save(directory / "sample.npy", images("t10k")[:SAMPLES])
    cnn = (train_x.unsqueeze(1), train_y, test_x.unsqueeze(1), test_y, directory)
    export(FashionCnn(), "fashion-cnn", 13, 3, *cnn)
    mlp = (train_x.flatten(1), train_y, test_x.flatten(1), test_y, directory)
    export(FashionMlp(), "fashion-mlp", 11, 8, *mlp)


if __name__ == "__main__":
    main()
