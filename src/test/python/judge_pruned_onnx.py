#!/usr/bin/env python3
"""Independent judge of a pruned ONNX file: python3-onnx and python3-numpy, none of our code.

    judge_pruned_onnx.py ORIGINAL.onnx PRUNED.onnx REPORT.json

Passes when the pruned file satisfies onnx.checker with shape inference, when exactly the tensors
that the report lists as changed differ, when every byte outside of these tensors is the same, and
when the zeros counted here are those the report claims. Weights may be initializers, sparse
initializers or Constant nodes, of any element type; the zero of a quantised tensor is its zero
point. Where the report says that shapes changed, bytes outside of tensors may differ in declared
shapes and in the attributes that follow from them. Exits 1 with the reason otherwise.
"""
import json
import sys

import numpy
import onnx
from onnx import numpy_helper

# Wire types of protobuf, and field numbers of the ONNX schema.
VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
MODEL_GRAPH, GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_SPARSE = 7, 1, 5, 15
NODE_OUTPUT, NODE_OPERATOR, NODE_ATTRIBUTE = 2, 4, 5
ATTRIBUTE_TENSOR, ATTRIBUTE_SPARSE = 5, 22
TENSOR_NAME, SPARSE_VALUES = 8, 1
QUANTIZED_INPUTS = {
    "DequantizeLinear": [(0, 2)],
    "QLinearConv": [(3, 5)],
    "QLinearMatMul": [(0, 2), (3, 5)],
    "MatMulInteger": [(0, 2), (1, 3)],
    "ConvInteger": [(1, 3)],
}


def fail(message):
    print("judge: " + message, file=sys.stderr)
    sys.exit(1)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(number, encoded field, content) of each field of an encoded message."""
    at = 0
    while at < len(data):
        start = at
        key, at = varint(data, at)
        kind = key & 7
        if kind == DELIMITED:
            length, body = varint(data, at)
            at = body + length
        elif kind == VARINT:
            body = at
            _, at = varint(data, at)
        else:
            body = at
            at += {FIXED64: 8, FIXED32: 4}[kind]
        if at > len(data):
            fail("the file ends within a field")
        yield key >> 3, data[start:at], data[body:at]


def first(data, number):
    return next((bytes(content) for n, _, content in fields(data) if n == number), b"")


def tensor_name(number, content):
    holder = first(content, SPARSE_VALUES) if number == GRAPH_SPARSE else content
    return first(holder, TENSOR_NAME).decode()


def outside(data, changed):
    """All bytes of a model but those of the changed tensors, in order."""
    rest = []
    for number, encoded, content in fields(data):
        if number != MODEL_GRAPH:
            rest.append(bytes(encoded))
            continue
        for part, piece, body in fields(content):
            if part in (GRAPH_INITIALIZER, GRAPH_SPARSE) and tensor_name(part, body) in changed:
                rest.append(b"tensor " + tensor_name(part, body).encode())
            elif part == GRAPH_NODE and constant_name(body) in changed:
                rest.append(without_tensor(body))
            else:
                rest.append(bytes(piece))
    return rest


def constant_name(node):
    is_constant = first(node, NODE_OPERATOR) == b"Constant"
    return first(node, NODE_OUTPUT).decode() if is_constant else None


def without_tensor(node):
    rest = b""
    for number, encoded, content in fields(node):
        if number != NODE_ATTRIBUTE:
            rest += encoded
            continue
        for part, piece, _ in fields(content):
            rest += b"" if part in (ATTRIBUTE_TENSOR, ATTRIBUTE_SPARSE) else piece
    return rest


def dense(sparse):
    values = numpy_helper.to_array(sparse.values)
    places = numpy_helper.to_array(sparse.indices)
    array = numpy.zeros(list(sparse.dims), values.dtype)
    if places.ndim == 1:
        array.reshape(-1)[places] = values
    else:
        array[tuple(places.T)] = values
    return array


def bits(tensor):
    """The elements as stored; numpy has no bfloat16."""
    if tensor.data_type == onnx.TensorProto.BFLOAT16:
        raw = tensor.raw_data or numpy.array(tensor.int32_data, numpy.uint16).tobytes()
        return numpy.frombuffer(raw, numpy.uint16).reshape(list(tensor.dims)) & 0x7FFF
    return numpy_helper.to_array(tensor)


def tensors(model):
    found = {tensor.name: bits(tensor) for tensor in model.graph.initializer}
    found.update({s.values.name: dense(s) for s in model.graph.sparse_initializer})
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            found[node.output[0]] = bits(node.attribute[0].t)
        elif node.op_type == "Constant" and node.attribute[0].name == "sparse_value":
            found[node.output[0]] = dense(node.attribute[0].sparse_tensor)
    return found


def zero_points(model, values):
    """The zero point of each quantised tensor, shaped to broadcast against it."""
    points = {}
    through = {}
    readers = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    for node in model.graph.node:
        if node.op_type in ("Transpose", "Reshape", "Identity") and node.input[0] in values:
            through[node.output[0]] = node.input[0]
        if node.op_type == "Gather" and node.input[0] in values:
            if all(n.op_type == "DequantizeLinear" for n in readers.get(node.output[0], [])):
                through[node.output[0]] = node.input[0]
        for weight, zero in QUANTIZED_INPUTS.get(node.op_type, []):
            name = through.get(node.input[weight], node.input[weight])
            if name not in values or values[name].dtype.kind not in "iu":
                continue
            point = numpy.zeros((), values[name].dtype)
            if len(node.input) > zero and node.input[zero] in values:
                point = values[node.input[zero]]
            if point.size > 1:
                shape = [1] * values[name].ndim
                shape[axis(node, values[name].ndim)] = point.size
                point = point.reshape(shape)
            points[name] = point.reshape(()) if point.size == 1 else point
    return points


def axis(node, rank):
    if node.op_type == "DequantizeLinear":
        return next((a.i for a in node.attribute if a.name == "axis"), 1)
    return 0 if "Conv" in node.op_type else rank - 1


def without_shapes(model, changed):
    """Everything that a cut may not change."""
    graph = model.graph
    for holder in (graph.initializer, graph.value_info, graph.sparse_initializer):
        del holder[:]
    for value in list(graph.input) + list(graph.output):
        for dimension in list(value.type.tensor_type.shape.dim)[1:]:
            dimension.Clear()
    for node in graph.node:
        if node.op_type == "Constant" and node.output[0] in changed:
            del node.attribute[:]
        for attribute in node.attribute:
            if attribute.name in ("group", "hidden_size"):
                attribute.i = 0
    return model.SerializeToString(deterministic=True)


def main(original_path, pruned_path, report_path):
    original, pruned = onnx.load(original_path), onnx.load(pruned_path)
    # Shape inference types sparse initializers as sparse, which no operator accepts.
    onnx.checker.check_model(pruned, full_check=not pruned.graph.sparse_initializer)
    with open(report_path, encoding="utf-8") as file:
        layers = json.load(file)["result"]["layers"]

    before, after = tensors(original), tensors(pruned)
    if set(before) != set(after):
        fail(f"tensors came or went: {set(before) ^ set(after)}")
    differing = {
        name
        for name in before
        if before[name].dtype != after[name].dtype
        or before[name].shape != after[name].shape
        or before[name].tobytes() != after[name].tobytes()
    }
    listed = {layer["name"] for layer in layers if layer["changed"] != "none"}
    if differing != listed:
        fail(f"changed but not listed: {differing - listed}; listed but same: {listed - differing}")

    points = zero_points(pruned, after)
    zeros = weights = 0
    for layer in layers:
        zero = after[layer["name"]] == points.get(layer["name"], 0)
        if abs(float(numpy.mean(zero)) - layer["sparsity"]) > 1e-9:
            fail(f"{layer['name']}: {numpy.mean(zero)} of it is zero, the report says {layer['sparsity']}")
        if layer["changed"] == "pruned":
            zeros += int(zero.sum())
            weights += zero.size

    if any(layer["shapeBefore"] != layer["shapeAfter"] for layer in layers):
        if without_shapes(original, differing) != without_shapes(pruned, differing):
            fail("something other than tensors and their declared shapes changed")
    else:
        with open(original_path, "rb") as one, open(pruned_path, "rb") as other:
            same = outside(memoryview(one.read()), differing) == outside(
                memoryview(other.read()), differing
            )
        if not same:
            fail("bytes outside of the listed tensors changed")
    print(f"judge: valid; {len(differing)} tensors changed as listed; {zeros}/{weights} pruned weights zero")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        fail(__doc__)
    main(*sys.argv[1:])
