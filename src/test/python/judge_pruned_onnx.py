#!/usr/bin/env python3
"""Independent judge of a pruned ONNX file: python3-onnx and python3-numpy, none of our code.

    judge_pruned_onnx.py ORIGINAL.onnx PRUNED.onnx REPORT.json

Passes when the pruned file satisfies onnx.checker, when exactly the initializers that the report
lists as changed differ, when everything but initializers is the same, and when the zeros counted
here are those the report claims. Exits 1 with the reason otherwise.
"""
import json
import sys

import numpy
import onnx
from onnx import numpy_helper


def initializers(model):
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def fail(message):
    print("judge: " + message, file=sys.stderr)
    sys.exit(1)


def main(original_path, pruned_path, report_path):
    original, pruned = onnx.load(original_path), onnx.load(pruned_path)
    onnx.checker.check_model(pruned, full_check=True)
    with open(report_path, encoding="utf-8") as file:
        result = json.load(file)["result"]

    before, after = initializers(original), initializers(pruned)
    if list(before) != list(after):
        fail("the initializers' names or order changed")
    differing = {
        name
        for name in before
        if before[name].tobytes() != after[name].tobytes() or before[name].dtype != after[name].dtype
    }
    listed = {layer["name"] for layer in result["layers"] if layer["changed"] != "none"}
    if differing != listed:
        fail(f"changed but not listed: {differing - listed}; listed but unchanged: {listed - differing}")

    prunable = [layer for layer in result["layers"] if layer["changed"] == "pruned"]
    zeros = sum(int(numpy.count_nonzero(after[layer["name"]] == 0)) for layer in prunable)
    weights = sum(after[layer["name"]].size for layer in prunable)
    for layer in result["layers"]:
        share = float(numpy.mean(after[layer["name"]] == 0))
        if abs(share - layer["sparsity"]) > 1e-9:
            fail(f"{layer['name']}: {share} of it is zero, the report says {layer['sparsity']}")

    del original.graph.initializer[:]
    del pruned.graph.initializer[:]
    if original.SerializeToString(deterministic=True) != pruned.SerializeToString(deterministic=True):
        fail("something other than initializers changed")
    print(f"judge: valid; {len(differing)} tensors changed as listed; {zeros}/{weights} pruned weights zero")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        fail(__doc__)
    main(*sys.argv[1:])
