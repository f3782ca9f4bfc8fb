"""The networks of docs/results.md, their data, and how they are trained and exported."""

import json
import math
import pathlib

import numpy
import onnx
import torch
from torch import nn

RATE = 1e-3
DROPOUT = 0.25


def lenet_300_100():
    """LeCun et al. 1998: a perceptron of 266,610 parameters."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10)
    )


def lenet_5():
    """Caffe's variant of LeCun et al. 1998, as the pruning literature has it: 431,080 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10),
    )


def guide_cnn():
    """The CNN that the demo trains: 121,930 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(64, 10),
    )


def chain_cnn():
    """A chain of convolutions with batch normalisation, wide enough that arithmetic decides its time."""
    layers, inputs = [], 1
    for width, stride in ((32, 1), (64, 2), (64, 1), (128, 2)):
        layers += [
            nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        ]
        inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


class Block(nn.Module):
    """Two convolutions and a shortcut, projected where the shape changes (He et al. 2016)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if stride == 1 and inputs == outputs
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, x):
        y = self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(x)))))
        return torch.relu(y + self.shortcut(x))


def residual_cnn():
    """A residual network of eight layers with batch normalisation: 77,850 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10),
    )


def digits_mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


# By name: function above, data set, what pixels are divided by, epochs and batch of the training, and
# whether its rate falls by a cosine.
NETWORKS = json.loads(
    (pathlib.Path(__file__).parents[2] / "resources" / "bench" / "networks.json").read_text()
)


def build(name):
    return globals()[NETWORKS[name]["build"]]()


def samples(directory, name, part):
    network = NETWORKS[name]
    with numpy.load(directory / f"{network['data']}-{part}.npz") as arrays:
        x = arrays["x"].astype(numpy.float32) * numpy.float32(1 / network["divisor"])
        return torch.from_numpy(x), torch.from_numpy(arrays["y"])


def epochs_of(model, optimizer, x, y, epochs, batch, cosine=False):
    """Trains by cross-entropy, in a new order each epoch; by a constant rate or one that falls to 0."""
    loss_of = nn.CrossEntropyLoss()
    updates = epochs * math.ceil(len(x) / batch)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda done: (1 + math.cos(math.pi * done / updates)) / 2 if cosine else 1
    )
    model.train()
    for _ in range(epochs):
        for drawn in torch.randperm(len(x)).split(batch):
            optimizer.zero_grad()
            loss_of(model(x[drawn]), y[drawn]).backward()
            optimizer.step()
            rate.step()


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=RATE)


def export(model, example, path):
    """Writes ONNX as it is for inference, normalisations unfolded and dropout still there."""
    model.eval()
    partial = path.with_name("." + path.name)
    torch.onnx.export(
        model, example[:2], partial, input_names=["image"], output_names=["logits"], opset_version=13,
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
        training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
    )
    graph = onnx.load(str(partial))
    if any(isinstance(module, nn.Dropout) for module in model.modules()):
        restore_dropout(graph.graph)
        onnx.checker.check_model(graph)
    partial.unlink()
    path.write_bytes(graph.SerializeToString())


def restore_dropout(graph):
    """The export leaves dropout out of a model that is not training; it stood before the last layer."""
    last = graph.node[-1]
    ratio = onnx.helper.make_tensor("dropout.ratio", onnx.TensorProto.FLOAT, [], [DROPOUT])
    graph.initializer.append(ratio)
    node = onnx.helper.make_node("Dropout", [last.input[0], ratio.name], ["dropout.out"], "dropout")
    last.input[0] = node.output[0]
    graph.node.insert(len(graph.node) - 1, node)
