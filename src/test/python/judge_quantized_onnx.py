#!/usr/bin/env python3
"""Independent judge of an ONNX file with 8-bit weights: python3-onnx and numpy, none of our code.

    judge_quantized_onnx.py ORIGINAL.onnx QUANTIZED.onnx REPORT.json

Passes when onnx.checker accepts the file with shape inference; when what differs from the original
is that initializers became integers with a DequantizeLinear node that writes their value, and
tensors that the report lists as changed; when the integers are those that the rule makes of the
numbers they stand for: the largest of a channel is 127 in magnitude, a channel of zeros has scale
1; and when the zeros counted here are those of the report. Exits 1 with the reason otherwise.
"""
import json
import sys

import numpy
import onnx
from onnx import numpy_helper


def fail(message):
    print("judge: " + message, file=sys.stderr)
    sys.exit(1)


def main(original_path, quantized_path, report_path):
    original, quantized = onnx.load(original_path), onnx.load(quantized_path)
    onnx.checker.check_model(quantized, full_check=True)
    with open(report_path, encoding="utf-8") as file:
        layers = {layer["name"]: layer for layer in json.load(file)["result"]["layers"]}

    before = {t.name: numpy_helper.to_array(t) for t in original.graph.initializer}
    after = {t.name: numpy_helper.to_array(t) for t in quantized.graph.initializer}
    inserted = [n for n in quantized.graph.node if n.output and n.output[0] in before]
    rest = [n for n in quantized.graph.node if not (n.output and n.output[0] in before)]
    if list(original.graph.node) != rest:
        fail("other nodes changed")
    if list(original.graph.output) != list(quantized.graph.output):
        fail("outputs changed")

    zeros = 0
    for node in inserted:
        name = node.output[0]
        integers, scale = (after.pop(value) for value in node.input)
        axis = next((a.i for a in node.attribute if a.name == "axis"), None)
        if integers.dtype != numpy.int8 or scale.dtype != numpy.float32:
            fail(f"{name} holds {integers.dtype} and scales of {scale.dtype}")
        if integers.shape != before[name].shape:
            fail(f"{name} has another shape")
        if axis is None:
            rows = integers.reshape(1, -1)
        else:
            rows = numpy.moveaxis(integers, axis, 0).reshape(integers.shape[axis], -1)
        if rows.shape[0] != scale.size:
            fail(f"{name} has {scale.size} scales for {rows.shape[0]} channels")
        largest = numpy.abs(rows.astype(int)).max(axis=1)
        if not numpy.all((largest == 127) | ((largest == 0) & (scale.reshape(-1) == 1))):
            fail(f"{name}: the largest of a channel is not 127")
        share = float(numpy.mean(integers == 0))
        if abs(share - layers[name]["sparsity"]) > 1e-9:
            fail(f"{name}: {share} of it is zero, the report says {layers[name]['sparsity']}")
        after[name] = None
        zeros += int((integers == 0).sum())
    if set(after) != set(before):
        fail(f"tensors came or went: {set(before) ^ set(after)}")
    differing = {
        name
        for name, tensor in after.items()
        if tensor is None or tensor.tobytes() != before[name].tobytes()
    }
    listed = {name for name, layer in layers.items() if layer["changed"] != "none"}
    if not differing <= listed:
        fail(f"changed but not listed: {differing - listed}")
    print(f"judge: valid; {len(inserted)} tensors are integers, {zeros} of them zero")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        fail(__doc__)
    main(*sys.argv[1:])
