#!/usr/bin/env python3
"""Independent judge of blocks and N:M patterns in an ONNX file: python3-onnx and python3-numpy.

    judge_patterns.py PRUNED.onnx nm N M          at most N of M consecutive inputs are not zero
    judge_patterns.py PRUNED.onnx block R C       zeros of the original and whole zero blocks only
                      ORIGINAL.onnx

Kernels are constants that Conv, ConvTranspose, Gemm, MatMul, LSTM or GRU read. Inputs of an
output lie along the axis that the operator sums over; for convolutions groups of channels are
looked at for each kernel position by itself. Prints one line per kernel and exits 1 when one fails.
"""
import sys

import numpy
import onnx
from onnx import numpy_helper


def attribute(node, name, default):
    return next((onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def matrices(node, slot, weight):
    """The kernel as [outputs, positions, inputs]."""
    if node.op_type == "Conv" and slot == 1:
        return weight.reshape(weight.shape[0], weight.shape[1], -1).transpose(0, 2, 1)
    if node.op_type == "ConvTranspose" and slot == 1:
        groups = attribute(node, "group", 1)
        flat = weight.reshape(groups, weight.shape[0] // groups, weight.shape[1], -1)
        rows = flat.transpose(0, 2, 3, 1)
        return rows.reshape(-1, rows.shape[2], rows.shape[3])
    if node.op_type == "Gemm" and slot == 1:
        return (weight if attribute(node, "transB", 0) else weight.T)[:, None, :]
    if node.op_type == "MatMul" and slot == 1:
        turned = numpy.swapaxes(weight, -1, -2)
        return turned.reshape(-1, 1, turned.shape[-1])
    if node.op_type in ("LSTM", "GRU", "RNN") and slot in (1, 2):
        return weight.reshape(-1, 1, weight.shape[-1])
    return None


def kernels(model):
    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            stored[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        if node.op_type == "Transpose" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]].transpose(attribute(node, "perm", None))
        for slot, name in enumerate(node.input):
            if name in stored and stored[name].ndim > 1:
                matrix = matrices(node, slot, stored[name])
                if matrix is not None:
                    yield name, matrix


def groups_kept(matrix, m):
    inputs = matrix.shape[2]
    padded = numpy.pad(matrix != 0, ((0, 0), (0, 0), (0, -inputs % m)))
    return padded.reshape(-1, m).sum(1)


def judge_pattern(model, n, m):
    failed = []
    for name, matrix in kernels(model):
        if matrix.shape[2] < m:
            print(f"{name}: {matrix.shape[2]} inputs, left alone")
            continue
        most = int(groups_kept(matrix, m).max())
        print(f"{name}: {matrix.shape[2]} inputs, at most {most} of {m}")
        if most > n:
            failed.append(name)
    return failed


def judge_blocks(model, original, rows, columns):
    failed = []
    before = dict(kernels(original))
    for name, matrix in kernels(model):
        flat = matrix.reshape(matrix.shape[0], -1)
        was = before[name].reshape(flat.shape)
        gone = (flat == 0) & (was != 0)
        partial = whole = 0
        for r in range(0, flat.shape[0], rows):
            for c in range(0, flat.shape[1], columns):
                block = gone[r:r + rows, c:c + columns]
                if block.any() and (flat[r:r + rows, c:c + columns] != 0).any():
                    partial += 1
                whole += bool(block.any())
        print(f"{name}: {whole} blocks of {rows} x {columns} gone, {partial} of them in part")
        if partial:
            failed.append(name)
    return failed


def main(arguments):
    model = onnx.load(arguments[0])
    onnx.checker.check_model(model, full_check=True)
    one, two = int(arguments[2]), int(arguments[3])
    if arguments[1] == "nm":
        failed = judge_pattern(model, one, two)
    else:
        failed = judge_blocks(model, onnx.load(arguments[4]), one, two)
    if failed:
        print("judge: broken in " + ", ".join(failed), file=sys.stderr)
        sys.exit(1)
    print("judge: holds")


if __name__ == "__main__":
    main(sys.argv[1:])
