#!/usr/bin/python3
"""Exports small networks from PyTorch to ONNX in the ways that exporters differ.

Made with Debian 12's python3-torch 1.13 and python3-onnx 1.12. Usage:

    python3 make_onnx_fixtures.py OUTPUT_DIRECTORY

Weights are random (seed 1), so nothing here is trained. Written for each NAME:

    NAME.onnx         the model
    NAME.INPUT.npy    float32, what is fed to each input (whole numbers for integer inputs)
    NAME.output.npy   float32, the first output as PyTorch computes it
    index.json        NAME: {"kernels": number of weights in convolutions, matrix products and
                      recurrent layers, "tolerance": largest absolute difference to allow}
"""

import io
import json
import pathlib
import sys

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper, shape_inference
from torch import nn

INDEX = {}


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = torch.relu(self.norm(self.stem(x)))
        x = torch.relu(x + self.conv2(torch.relu(self.conv1(x))))
        return self.head(x.mean((2, 3)))


class Mobile(nn.Module):
    """Its channels can be removed: a depthwise and a pointwise convolution, flatten, linear."""

    def __init__(self):
        super().__init__()
        self.expand = nn.Conv2d(3, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.project = nn.Conv2d(8, 6, 1)
        self.head = nn.Linear(6 * 16, 5)

    def forward(self, x):
        features = nn.functional.relu6(self.depthwise(nn.functional.relu6(self.expand(x))))
        return self.head(torch.flatten(torch.relu(self.project(features)), 1)), features


class Recurrent(nn.Module):
    def __init__(self, kind, bidirectional):
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.rnn = kind(6, 7, batch_first=True, bidirectional=bidirectional)
        self.head = nn.Linear(14 if bidirectional else 7, 4)

    def forward(self, tokens):
        return self.head(self.rnn(self.embed(tokens))[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 8)
        self.query = nn.Linear(8, 8)
        self.key = nn.Linear(8, 8)
        self.value = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, tokens, mask):
        x = self.embed(tokens)
        scores = self.query(x) @ self.key(x).transpose(1, 2) / 8**0.5
        scores = scores + (1 - mask.unsqueeze(1)) * -10000.0
        x = self.norm(x + torch.softmax(scores, -1) @ self.value(x))
        x = x + self.down(nn.functional.gelu(self.up(x)))
        return self.head(x.mean(1))


class TwoInputs(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Linear(6, 8)
        self.right = nn.Conv1d(2, 4, 3)
        self.head = nn.Linear(8 + 16, 3)

    def forward(self, features, signal):
        hidden = torch.cat([self.left(features), self.right(signal).flatten(1)], 1)
        return self.head(torch.tanh(hidden)), torch.sigmoid(hidden)


class Block(nn.Module):
    """Exported as a function that calls another and takes the slope as an attribute."""

    def __init__(self, slope):
        super().__init__()
        self.linear = nn.Linear(6, 6)
        self.activation = nn.LeakyReLU(slope)
        self.norm = nn.LayerNorm(6)

    def forward(self, x):
        return self.norm(self.activation(self.linear(x)))


def autoencoder_layers():
    return [
        nn.Conv2d(1, 4, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(4, 4, 2, stride=2),
        nn.ELU(),
        nn.Conv2d(4, 1, 3, padding=1),
        nn.Sigmoid(),
    ]


def kernels(module):
    total = 0
    for part in module.modules():
        if isinstance(part, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d)):
            total += part.weight.numel()
        elif isinstance(part, nn.RNNBase):
            total += sum(p.numel() for n, p in part.named_parameters() if n.startswith("weight"))
    return total


def exported(module, inputs, opset, **options):
    module.eval()
    names = list(inputs)
    axes = {name: {0: "batch"} for name in names} if options.pop("free_batch", True) else None
    file = io.BytesIO()
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        file,
        opset_version=opset,
        input_names=names,
        dynamic_axes=axes,
        **options,
    )
    return onnx.load_from_string(file.getvalue())


def save(directory, name, model, module, inputs, tolerance=1e-4, expected=None):
    if isinstance(model, onnx.ModelProto):
        # Shape inference types sparse initializers as sparse, which no operator accepts.
        onnx.checker.check_model(model, full_check=not model.graph.sparse_initializer)
        model = model.SerializeToString()
    (directory / f"{name}.onnx").write_bytes(model)
    for input_name, value in inputs.items():
        numpy.save(directory / f"{name}.{input_name}.npy", value.numpy().astype(numpy.float32))
    if expected is None:
        with torch.no_grad():
            expected = module(*inputs.values())
        expected = expected[0] if isinstance(expected, tuple) else expected
    numpy.save(directory / f"{name}.output.npy", expected.numpy().astype(numpy.float32))
    INDEX[name] = {"kernels": kernels(module), "tolerance": tolerance}


def half(model):
    """The same model in half precision, one tensor in the typed field instead of raw bytes."""
    for position, tensor in enumerate(model.graph.initializer):
        array = numpy_helper.to_array(tensor)
        if array.dtype == numpy.float32:
            array = array.astype(numpy.float16)
            changed = numpy_helper.from_array(array, tensor.name)
            if position == 0:
                changed.ClearField("raw_data")
                changed.int32_data.extend(array.view(numpy.uint16).flatten().tolist())
            tensor.CopyFrom(changed)
    for value in list(model.graph.input) + list(model.graph.output):
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    del model.graph.value_info[:]
    return model


def channels_last():
    """As TensorFlow's exporter writes it: channels last outside, weights in Constant nodes."""
    conv = nn.Conv2d(3, 4, 3)
    dense = nn.Linear(4 * 36, 5)
    weights = conv.weight.detach().numpy()
    typed = helper.make_tensor("kernel", TensorProto.FLOAT, weights.shape, weights.flatten())
    matrix = dense.weight.detach().reshape(5, 4, 36).transpose(1, 2).reshape(5, 144).numpy()
    nodes = [
        helper.make_node("Constant", [], ["conv/kernel"], value=typed),
        helper.make_node("Transpose", ["x"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["nchw", "conv/kernel", "conv/bias"], ["c"], name="net/conv"),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Transpose", ["r"], ["nhwc"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", ["nhwc", "flat"], ["f"]),
        helper.make_node("Transpose", ["dense/kernel"], ["t"], perm=[1, 0]),
        helper.make_node("MatMul", ["f", "t"], ["m"], name="net/dense/MatMul"),
        helper.make_node("Add", ["m", "dense/bias"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "channels_last",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 8, 8, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 5])],
        [
            numpy_helper.from_array(conv.bias.detach().numpy(), "conv/bias"),
            numpy_helper.from_array(numpy.array([-1, 144], numpy.int64), "flat"),
            numpy_helper.from_array(numpy.ascontiguousarray(matrix), "dense/kernel"),
            numpy_helper.from_array(dense.bias.detach().numpy(), "dense/bias"),
        ],
    )
    model = helper.make_model(
        graph, producer_name="espalier-fixtures", opset_imports=[helper.make_opsetid("", 12)]
    )
    model.ir_version = 7
    module = nn.Sequential(conv, nn.ReLU(), nn.Flatten(), dense)
    inputs = {"x": torch.rand(4, 8, 8, 3)}
    with torch.no_grad():
        expected = module(inputs["x"].permute(0, 3, 1, 2))
    return model, module, inputs, expected


def sparse(model):
    """The same model with its largest initializer in sparse form, every third weight kept."""
    largest = max(model.graph.initializer, key=lambda t: numpy.prod(t.dims))
    array = numpy_helper.to_array(largest).copy()
    array.reshape(-1)[numpy.arange(array.size) % 3 != 0] = 0
    places = numpy.argwhere(array != 0).astype(numpy.int64)
    model.graph.sparse_initializer.append(
        helper.make_sparse_tensor(
            numpy_helper.from_array(array[array != 0], largest.name),
            numpy_helper.from_array(places),
            list(array.shape),
        )
    )
    name = largest.name
    model.graph.initializer.remove(largest)
    return model, name, torch.from_numpy(array)


def main(directory):
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    image = {"image": torch.rand(4, 3, 4, 4)}
    for opset in (7, 9, 17):
        residual = Residual()
        save(directory, f"residual-{opset}", exported(residual, image, opset), residual, image)
    old = Residual()
    model = exported(old, image, 8, keep_initializers_as_inputs=True)
    model.ir_version = 3
    save(directory, "initializers-as-inputs", model, old, image)
    mobile = Mobile()
    model = exported(
        mobile, image, 11, free_batch=False, output_names=["logits", "features"]
    )
    save(directory, "mobile-fixed-batch", shape_inference.infer_shapes(model), mobile, image)
    tokens = {"tokens": torch.randint(20, (4, 9))}
    lstm = Recurrent(nn.LSTM, True)
    save(directory, "lstm-12", exported(lstm, tokens, 12), lstm, tokens)
    lstm = Recurrent(nn.LSTM, False)
    model = exported(lstm, tokens, 13, do_constant_folding=False)
    save(directory, "lstm-unfolded", model, lstm, tokens)
    gru = Recurrent(nn.GRU, False)
    save(directory, "gru-14", exported(gru, tokens, 14), gru, tokens)
    transformer = Transformer()
    masked = {**tokens, "mask": torch.ones(4, 9)}
    masked["mask"][:, 6:] = 0
    model = exported(transformer, masked, 16)
    save(directory, "transformer-16", model, transformer, masked)
    autoencoder = nn.Sequential(*autoencoder_layers())
    picture = {"picture": torch.rand(4, 1, 8, 8)}
    model = exported(autoencoder, picture, 13)
    save(directory, "autoencoder-13", model, autoencoder, picture)
    two = TwoInputs()
    both = {"features": torch.rand(4, 6), "signal": torch.rand(4, 2, 6)}
    save(directory, "two-inputs-15", exported(two, both, 15), two, both)
    residual = Residual()
    model = half(exported(residual, image, 13))
    save(directory, "half", model, residual, image, tolerance=5e-3)
    double = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)).double()
    vector = {"vector": torch.rand(4, 6).double()}
    save(directory, "double", exported(double, vector, 13), double, vector)
    model, module, inputs, expected = channels_last()
    save(directory, "channels-last", model, module, inputs, expected=expected)
    mlp = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 3))
    vector = {"vector": torch.rand(4, 6)}
    model, name, weights = sparse(exported(mlp, vector, 13))
    with torch.no_grad():
        dict(mlp.named_parameters())[name].copy_(weights)
    save(directory, "sparse", model, mlp, vector)
    blocks = nn.Sequential(Block(0.1), Block(0.3), nn.Linear(6, 3))
    model = exported(blocks, vector, 15, export_modules_as_functions={Block, nn.Linear})
    save(directory, "functions-15", model, blocks, vector)
    index = json.dumps(INDEX, indent=1, sort_keys=True)
    (directory / "index.json").write_text(index + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
