"""Multiply-accumulates of the ONNX fixtures, counted apart from the engine.

Shapes come from onnx.shape_inference on a batch of one, counts from the definitions: how often
the innermost statement of the textbook loops runs. Prints JSON for fixtures/onnx/macs.json; a
model whose shapes the inference leaves open, or that calls functions, is null.
"""
import json
import pathlib
import sys
from math import prod

import numpy
import onnx
from onnx import numpy_helper, shape_inference


def closed(model, arrays):
    for value in model.graph.input:
        if value.name in arrays:
            dims = value.type.tensor_type.shape.dim
            for axis, dim in enumerate(dims):
                if axis == 0 and dim.dim_value > 0:
                    continue
                dim.dim_value = 1 if axis == 0 else arrays[value.name].shape[axis]
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return shape_inference.infer_shapes(model, data_prop=True)


def shapes(graph):
    known = {t.name: list(t.dims) for t in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            value = {a.name: a for a in node.attribute}.get("value")
            if value is not None:
                known[node.output[0]] = list(numpy_helper.to_array(value.t).shape)
    for value in list(graph.input) + list(graph.value_info) + list(graph.output):
        shape = value.type.tensor_type.shape
        if value.type.tensor_type.HasField("shape") and all(d.HasField("dim_value") for d in shape.dim):
            known[value.name] = [d.dim_value for d in shape.dim]
    return known


def attribute(node, name, default):
    for a in node.attribute:
        if a.name == name:
            return onnx.helper.get_attribute_value(a)
    return default


def loops(node, shape):
    """Runs of the innermost statement."""
    if node.op_type == "Conv":
        _, inputs, *window = shape(node.input[1])
        n, outputs, *places = shape(node.output[0])
        return n * outputs * prod(places) * inputs * prod(window)
    if node.op_type == "ConvTranspose":
        inputs, outputs, *window = shape(node.input[1])
        n, channels, *places = shape(node.input[0])
        assert channels == inputs
        return n * prod(places) * inputs * outputs * prod(window)
    if node.op_type == "Gemm":
        rows, columns = shape(node.output[0])
        a = shape(node.input[0])
        return rows * columns * a[0 if attribute(node, "transA", 0) else 1]
    if node.op_type == "MatMul":
        return prod(shape(node.output[0])) * shape(node.input[0])[-1]
    if node.op_type in ("LSTM", "GRU", "RNN"):
        gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[node.op_type]
        steps, n, inputs = shape(node.input[0])
        directions, _, hidden = shape(node.input[2])
        return steps * n * directions * gates * hidden * (inputs + hidden)
    return 0


def count(path):
    model = onnx.load(path)
    arrays = {}
    for file in path.parent.glob(path.stem + ".*.npy"):
        arrays[file.name[len(path.stem) + 1 : -4]] = numpy.load(file)
    graph = closed(model, arrays).graph
    known = shapes(graph)
    first = [v for v in graph.input if v.name in arrays][0]
    batch = known[first.name][0]
    if any(node.domain not in ("", "ai.onnx") for node in graph.node):
        return None
    try:
        total = sum(loops(node, known.__getitem__) for node in graph.node)
    except KeyError:
        return None
    return total // batch


directory = pathlib.Path(sys.argv[1])
print(json.dumps({p.stem: count(p) for p in sorted(directory.glob("*.onnx"))}, indent=1))
