"""Writes what PyTorch computes for single operators and for small networks.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_gradient_fixtures.py src/test/resources/fixtures/gradients

operators/*.json: per case an ONNX operator with attributes, its operands, its results, a cotangent
c for each and the gradients of the sum of all result * c by every operand.
networks.json: per network the parameters, a batch, logits, loss, gradients, and the losses and
final weights of some updates with torch.optim.Adam and torch.optim.SGD(momentum=0.9).
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_num_threads(1)


def tensor(t):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.8g}") for v in t.flatten().tolist()]}


CASES = {}
FAMILY = None


def family(name):
    global FAMILY
    FAMILY = CASES.setdefault(name, [])


def constant(values, dtype="INT64"):
    """A constant input of a node."""
    values = torch.tensor(values)
    return {"type": dtype, "shape": list(values.shape), "values": values.flatten().tolist()}


def case(
    name, operator, function, shapes, opset=17, inputs=None, constants=None, fixed=None, make=None,
    **attributes,
):
    """A case whose operands are drawn from shapes, or made by make(shape).

    The node's inputs are the operands, then fixed (tensors that are read without being
    differentiated and may be written), then constants, unless inputs names them otherwise by their
    first letter and number, as in ["c0", "o0", ""].
    """
    operands = [(make or torch.randn)(shape).requires_grad_() for shape in shapes]
    fixed = fixed or []
    before = [tensor(f) for f in fixed]
    results = function(*operands, *fixed)
    results = results if isinstance(results, tuple) else (results,)
    cotangents = [torch.randn_like(r) for r in results]
    sum((r * c).sum() for r, c in zip(results, cotangents)).backward()
    constants = constants or []
    groups = [("o", operands), ("f", fixed), ("c", constants)]
    FAMILY.append(
        {
            "name": name,
            "operator": operator,
            "opset": opset,
            "attributes": attributes,
            "inputs": inputs or [f"{l}{i}" for l, g in groups for i in range(len(g))],
            "constants": constants,
            "operands": [tensor(o) for o in operands],
            "fixed": before,
            "fixedAfter": [tensor(f) for f in fixed],
            "results": [tensor(r) for r in results],
            "cotangents": [tensor(c) for c in cotangents],
            "gradients": [tensor(o.grad) for o in operands],
        }
    )


def convolutions():
    family("convolution")
    x, w, b = (2, 3, 7, 6), (4, 3, 3, 2), (4,)
    case("conv", "Conv", F.conv2d, [x, w, b])
    case("conv without bias", "Conv", F.conv2d, [x, w], kernel_shape=[3, 2])
    case("conv stride", "Conv", lambda *a: F.conv2d(*a, stride=(2, 3)), [x, w, b], strides=[2, 3])
    case("conv padding", "Conv", lambda *a: F.conv2d(*a, padding=(2, 1)), [x, w, b], pads=[2, 1, 2, 1])
    case("conv dilation", "Conv", lambda *a: F.conv2d(*a, dilation=(2, 3)), [x, w, b], dilations=[2, 3])
    case(
        "conv stride, padding and dilation", "Conv",
        lambda *a: F.conv2d(*a, stride=2, padding=(2, 1), dilation=2), [x, w, b],
        strides=[2, 2], pads=[2, 1, 2, 1], dilations=[2, 2],
    )
    case(
        "conv uneven padding", "Conv",
        lambda x, w, b: F.conv2d(F.pad(x, (0, 2, 1, 3)), w, b, stride=(1, 2)), [x, w, b],
        strides=[1, 2], pads=[1, 0, 3, 2],
    )
    case(
        "conv same upper", "Conv",
        lambda x, w, b: F.conv2d(F.pad(x, (0, 0, 1, 1)), w, b, stride=(2, 2)), [x, w, b],
        strides=[2, 2], auto_pad="SAME_UPPER",
    )
    case(
        "conv same lower", "Conv",
        lambda x, w, b: F.conv2d(F.pad(x, (1, 0, 1, 1)), w, b), [x, w, b], auto_pad="SAME_LOWER",
    )
    case("conv valid", "Conv", F.conv2d, [x, w, b], auto_pad="VALID")
    case(
        "conv one axis", "Conv",
        lambda *a: F.conv1d(*a, stride=2, padding=1), [(2, 3, 9), (4, 3, 3), (4,)],
        strides=[2], pads=[1, 1],
    )
    pools(x)
    case("conv of groups", "Conv", lambda *a: F.conv2d(*a, groups=2, padding=1, stride=(2, 1)),
         [(2, 4, 5, 4), (6, 2, 3, 2), (6,)], group=2, pads=[1, 1, 1, 1], strides=[2, 1])
    case("conv of groups without bias, dilated", "Conv", lambda *a: F.conv2d(*a, groups=3, dilation=(1, 2)),
         [(2, 6, 4, 6), (3, 2, 2, 2)], group=3, dilations=[1, 2])
    case("conv of groups, one axis", "Conv", lambda *a: F.conv1d(*a, groups=2), [(2, 4, 7), (4, 2, 3), (4,)], group=2)
    case("conv depthwise", "Conv", lambda *a: F.conv2d(*a, groups=3, padding=1),
         [(2, 3, 5, 6), (3, 1, 3, 3), (3,)], group=3, pads=[1, 1, 1, 1])
    case("conv depthwise stride, multiplier 2", "Conv", lambda *a: F.conv2d(*a, groups=3, stride=2),
         [(2, 3, 7, 6), (6, 1, 3, 2), (6,)], group=3, strides=[2, 2])
    case("conv depthwise same upper", "Conv", lambda x, w: F.conv2d(F.pad(x, (0, 1, 0, 1)), w, groups=2, stride=2),
         [(2, 2, 6, 6), (2, 1, 3, 3)], group=2, strides=[2, 2], auto_pad="SAME_UPPER")
    case("conv depthwise dilation", "Conv", lambda *a: F.conv2d(*a, groups=2, dilation=2, padding=2),
         [(1, 2, 6, 5), (2, 1, 3, 3), (2,)], group=2, dilations=[2, 2], pads=[2, 2, 2, 2])
    case("conv depthwise one axis", "Conv", lambda *a: F.conv1d(*a, groups=3, padding=2),
         [(2, 3, 7), (3, 1, 5), (3,)], group=3, pads=[2, 2])
    t = F.conv_transpose2d
    x, w, b = (2, 3, 4, 3), (3, 2, 3, 2), (2,)
    case("transposed conv", "ConvTranspose", t, [x, w, b])
    case("transposed conv stride and output padding", "ConvTranspose",
         lambda *a: t(*a, stride=(2, 3), padding=(1, 0), output_padding=(1, 2)), [x, w, b],
         strides=[2, 3], pads=[1, 0, 1, 0], output_padding=[1, 2])
    case("transposed conv of groups, dilated", "ConvTranspose", lambda *a: t(*a, groups=2, dilation=(1, 2)),
         [(2, 4, 3, 3), (4, 1, 2, 2)], group=2, dilations=[1, 2])
    case("transposed conv one axis", "ConvTranspose", lambda *a: F.conv_transpose1d(*a, stride=2),
         [(2, 3, 5), (3, 2, 3), (2,)], strides=[2])
    case("transposed conv same upper", "ConvTranspose", lambda *a: t(*a, stride=2)[:, :, :-1, :-1],
         [x, (3, 2, 3, 3)], strides=[2, 2], auto_pad="SAME_UPPER")
    case("transposed conv to a given shape", "ConvTranspose", lambda *a: t(*a, stride=2)[:, :, 1:, 1:],
         [x, (3, 2, 3, 3)], strides=[2, 2], output_shape=[8, 6])


def pools(x):
    family("pooling")
    case("max pool", "MaxPool", lambda x: F.max_pool2d(x, 2), [x], kernel_shape=[2, 2], strides=[2, 2])
    case(
        "max pool overlapping and padded", "MaxPool",
        lambda x: F.max_pool2d(x, 3, (1, 2), 1), [x],
        kernel_shape=[3, 3], strides=[1, 2], pads=[1, 1, 1, 1],
    )
    case(
        "max pool ceil", "MaxPool", lambda x: F.max_pool2d(x, 2, 3, 1, ceil_mode=True), [x],
        kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1,
    )
    case(
        "max pool dilation", "MaxPool", lambda x: F.max_pool2d(x, (3, 2), 1, dilation=2), [x],
        kernel_shape=[3, 2], dilations=[2, 2],
    )
    case(
        "max pool one axis", "MaxPool", lambda x: F.max_pool1d(x, 3, 2), [(2, 3, 9)],
        kernel_shape=[3], strides=[2],
    )
    case(
        "average pool", "AveragePool", lambda x: F.avg_pool2d(x, (3, 2), 2), [x],
        kernel_shape=[3, 2], strides=[2, 2],
    )
    case(
        "average pool padded, padding left out", "AveragePool",
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), [x],
        kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
    )
    case(
        "average pool padded, padding counted", "AveragePool",
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=True), [x],
        kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1,
    )
    for include in (0, 1):
        case(
            f"average pool ceil, count_include_pad={include}", "AveragePool",
            lambda x: F.avg_pool2d(x, 4, 3, 1, ceil_mode=True, count_include_pad=bool(include)), [x],
            kernel_shape=[4, 4], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1, count_include_pad=include,
        )
    case(
        "global average pool", "GlobalAveragePool", lambda x: F.adaptive_avg_pool2d(x, 1), [x],
    )
    case("global max pool", "GlobalMaxPool", lambda x: F.adaptive_max_pool2d(x, 1), [x])
    case("average pool one axis", "AveragePool", lambda x: F.avg_pool1d(x, 3, 2, 1), [(2, 3, 9)],
         kernel_shape=[3], strides=[2], pads=[1, 1], count_include_pad=1)
    case("max pool same upper", "MaxPool", lambda x: F.max_pool2d(F.pad(x, (0, 0, 0, 1), value=-1e9), 2), [x],
         kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")


def products():
    family("product")
    for ta in (0, 1):
        for tb in (0, 1):
            case(
                f"gemm transA={ta} transB={tb}", "Gemm",
                lambda a, b, c: 0.5 * (a.T if ta else a) @ (b.T if tb else b) + 1.5 * c,
                [(4, 3) if ta else (3, 4), (5, 4) if tb else (4, 5), (5,)],
                transA=ta, transB=tb, alpha=0.5, beta=1.5,
            )
    case("gemm without addend", "Gemm", lambda a, b: a @ b, [(3, 4), (4, 5)])
    case("gemm column addend", "Gemm", lambda a, b, c: a @ b + c, [(3, 4), (4, 5), (3, 1)])
    case("gemm scalar addend", "Gemm", lambda a, b, c: a @ b + c, [(3, 4), (4, 5), ()])
    case("matmul", "MatMul", torch.matmul, [(3, 4), (4, 5)])
    case("matmul of a stack", "MatMul", torch.matmul, [(2, 3, 4), (4, 5)])
    case("matmul of two stacks", "MatMul", torch.matmul, [(2, 3, 4, 2), (2, 3, 2, 4)])
    case("matmul of repeated stacks", "MatMul", torch.matmul, [(3, 1, 4, 2), (2, 2, 3)])
    case("matmul of one matrix by a stack", "MatMul", torch.matmul, [(4, 2), (3, 2, 3)])
    case("matmul of a vector by a stack", "MatMul", torch.matmul, [(4,), (3, 4, 2)])
    case("matmul of a stack by a vector", "MatMul", torch.matmul, [(3, 4, 2), (2,)])
    case("matmul of vectors", "MatMul", torch.matmul, [(4,), (4,)])


def elementwise():
    family("elementwise")
    case("add", "Add", torch.add, [(2, 3), (2, 3)])
    case("add a row", "Add", torch.add, [(2, 3, 4), (4,)])
    case("add channels", "Add", torch.add, [(2, 3, 4, 2), (3, 1, 1)])
    case("add both repeated", "Add", torch.add, [(2, 1, 4), (3, 1)])
    case("add a scalar", "Add", torch.add, [(), (2, 3)])
    case("relu", "Relu", F.relu, [(3, 5)])
    case("sigmoid", "Sigmoid", torch.sigmoid, [(3, 5)])
    case("tanh", "Tanh", torch.tanh, [(3, 5)])
    broadcasting()
    functions()
    case("softmax", "Softmax", lambda x: F.softmax(x, -1), [(2, 3, 4)])
    case("softmax of an inner axis", "Softmax", lambda x: F.softmax(x, 1), [(2, 3, 4)], axis=1)
    case(
        "softmax before opset 13", "Softmax",
        lambda x: F.softmax(x.reshape(2, 12), -1).reshape(2, 3, 4), [(2, 3, 4)], opset=12,
    )
    case("log softmax", "LogSoftmax", lambda x: F.log_softmax(x, -1), [(3, 4)])
    case("log softmax of the first axis", "LogSoftmax", lambda x: F.log_softmax(x, 0), [(3, 4)], axis=0)


def positive(shape):
    return torch.rand(shape) + 1


def broadcasting():
    pairs = [[(2, 3), (2, 3)], [(2, 3, 4), (3, 1)], [(4,), (2, 3, 4)], [(2, 1, 3), (4, 1)], [(2, 3), ()]]
    for i, shapes in enumerate(pairs):
        case(f"sub {i}", "Sub", torch.sub, shapes)
        case(f"mul {i}", "Mul", torch.mul, shapes)
        case(f"div {i}", "Div", torch.div, shapes, make=positive)
    case("mul channels of long rows", "Mul", torch.mul, [(1, 2, 37, 30), (2, 1, 1)])
    case("mul by a small stack", "Mul", torch.mul, [(2, 2, 3, 2), (2, 2, 1, 1)])
    case("pow of two", "Pow", torch.pow, [(2, 3), (3,)], make=positive)
    for exponent in (2.0, 1.5, 0.5, -1.0):
        case(f"pow {exponent}", "Pow", lambda x: x**exponent, [(2, 3)], make=positive,
             constants=[constant(exponent, "FLOAT")])
    case("pow of an integer", "Pow", lambda x: x**2, [(2, 3)], constants=[constant(2)])
    case("pow of listed exponents", "Pow", lambda x: x ** torch.tensor([1.0, 2.0, 3.0]), [(2, 3)],
         constants=[constant([1.0, 2.0, 3.0], "FLOAT")], make=positive)
    case("sum of three", "Sum", lambda a, b, c: a + b + c, [(2, 3), (3,), (2, 1)])
    case("mean of three", "Mean", lambda a, b, c: (a + b + c) / 3, [(2, 3), (3,), (2, 1)])
    case("max of three", "Max", lambda a, b, c: torch.maximum(torch.maximum(a, b), c), [(2, 3), (3,), (2, 1)])
    case("min of two", "Min", torch.minimum, [(2, 3), (2, 3)])
    case("max with a constant", "Max", lambda x: x.clamp(min=0.25), [(3, 4)], constants=[constant(0.25, "FLOAT")])
    case("prelu", "PRelu", lambda x, s: torch.where(x >= 0, x, s * x), [(2, 3, 4, 2), (3, 1, 1)])
    case("where", "Where", lambda a, b: torch.where(torch.tensor([[True], [False]]), a, b), [(2, 3), (3,)],
         inputs=["c0", "o0", "o1"], constants=[constant([[True], [False]], "BOOL")])


def functions():
    shape = [(3, 7)]
    relu6 = F.relu6
    for name, operator, function, attributes in [
        ("leaky relu", "LeakyRelu", F.leaky_relu, {}),
        ("leaky relu 0.2", "LeakyRelu", lambda x: F.leaky_relu(x, 0.2), {"alpha": 0.2}),
        ("thresholded relu", "ThresholdedRelu", lambda x: F.threshold(x, 0.3, 0), {"alpha": 0.3}),
        ("hard sigmoid", "HardSigmoid", lambda x: (0.2 * x + 0.5).clamp(0, 1), {}),
        ("hard sigmoid of PyTorch", "HardSigmoid", F.hardsigmoid, {"alpha": 1 / 6}),
        ("hard swish", "HardSwish", F.hardswish, {}),
        ("elu", "Elu", F.elu, {}),
        ("elu 0.5", "Elu", lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
        ("selu", "Selu", F.selu, {}),
        ("celu 0.7", "Celu", lambda x: F.celu(x, 0.7), {"alpha": 0.7}),
        ("gelu", "Gelu", F.gelu, {}),
        ("gelu by tanh", "Gelu", lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}),
        ("erf", "Erf", torch.erf, {}),
        ("softplus", "Softplus", F.softplus, {}),
        ("softsign", "Softsign", F.softsign, {}),
        ("mish", "Mish", F.mish, {}),
        ("exp", "Exp", torch.exp, {}),
        ("abs", "Abs", torch.abs, {}),
        ("neg", "Neg", torch.neg, {}),
        ("sin", "Sin", torch.sin, {}),
        ("cos", "Cos", torch.cos, {}),
    ]:
        case(name, operator, function, shape, **attributes)
    for name, operator, function in [
        ("log", "Log", torch.log), ("sqrt", "Sqrt", torch.sqrt), ("reciprocal", "Reciprocal", torch.reciprocal),
    ]:
        case(name, operator, function, shape, make=positive)
    case("clip attributes", "Clip", lambda x: x.clamp(-0.5, 0.8), shape, opset=10, min=-0.5, max=0.8)
    case("clip inputs", "Clip", F.hardtanh, shape,
         constants=[constant(-1.0, "FLOAT"), constant(1.0, "FLOAT")])
    case("clip without lower bound", "Clip", lambda x: x.clamp(max=0.3), shape,
         inputs=["o0", "", "c0"], constants=[constant(0.3, "FLOAT")])


def movements():
    family("movement")
    x = (2, 3, 4)
    case("concat", "Concat", lambda a, b, c: torch.cat([a, b, c], 1), [(2, 1, 3), (2, 2, 3), (2, 1, 3)], axis=1)
    case("concat of the last axis", "Concat", lambda a, b: torch.cat([a, b], -1), [(2, 3), (2, 2)], axis=-1)
    case("concat of the first axis", "Concat", lambda a, b: torch.cat([a, b]), [(2, 3), (1, 3)], axis=0)
    case("transpose", "Transpose", lambda x: x.permute(2, 0, 1), [x], perm=[2, 0, 1])
    case("transpose all", "Transpose", lambda x: x.permute(2, 1, 0), [x])
    case("channels last", "Transpose", lambda x: x.permute(0, 2, 3, 1), [(2, 3, 2, 2)], perm=[0, 2, 3, 1])
    case("pad", "Pad", lambda x: F.pad(x, (1, 2, 0, 1), value=0.5), [x],
         constants=[constant([0, 0, 1, 0, 1, 2]), constant(0.5, "FLOAT")])
    case("pad attributes", "Pad", lambda x: F.pad(x, (1, 2)), [x], opset=10, pads=[0, 0, 1, 0, 0, 2])
    case("pad reflect", "Pad", lambda x: F.pad(x, (2, 1, 1, 2), mode="reflect"), [(1, 2, 4, 3)],
         constants=[constant([0, 0, 1, 2, 0, 0, 2, 1])], mode="reflect")
    case("pad edge", "Pad", lambda x: F.pad(x, (2, 1), mode="replicate"), [x],
         constants=[constant([0, 0, 2, 0, 0, 1])], mode="edge")
    case("pad negative", "Pad", lambda x: F.pad(x, (-1, 1)), [x], constants=[constant([0, 0, -1, 0, 0, 1])])
    case("pad listed axes", "Pad", lambda x: F.pad(x, (0, 0, 1, 2)), [x], opset=18,
         inputs=["o0", "c0", "", "c1"], constants=[constant([1, 2]), constant([-2])])
    case("slice", "Slice", lambda x: x[:, 1:3, ::2], [x],
         constants=[constant([1, 0]), constant([3, 2**63 - 1]), constant([1, -1]), constant([1, 2])])
    case("slice backwards", "Slice", lambda x: x.flip(2)[:, :, :3], [x],
         constants=[constant([-1]), constant([-4]), constant([2]), constant([-1])])
    case("slice attributes", "Slice", lambda x: x[:, :-1], [x], opset=9, starts=[0], ends=[-1], axes=[1])
    case("split sizes", "Split", lambda x: torch.split(x, [1, 3], 2), [x], constants=[constant([1, 3])], axis=2)
    case("split attribute", "Split", lambda x: torch.split(x, [2, 1], 1), [x], opset=12, axis=1, split=[2, 1])
    case("split equally", "Split", lambda x: torch.split(x, 2, 2), [x], axis=2)
    case("gather", "Gather", lambda x: x[:, [2, 0, 2]], [x], constants=[constant([2, -3, 2])], axis=1)
    case("gather a number", "Gather", lambda x: x[:, 1], [x], constants=[constant(1)], axis=1)
    case("gather a table", "Gather", lambda x: x[torch.tensor([[0, 1], [1, 1]])], [x],
         constants=[constant([[0, 1], [1, 1]])])
    case("expand", "Expand", lambda x: x.expand(4, 2, 3, 5), [(2, 3, 1)], constants=[constant([4, 1, 1, 5])])
    case("depth to space", "DepthToSpace",
         lambda x: x.reshape(1, 2, 2, 2, 2, 3).permute(0, 3, 4, 1, 5, 2).reshape(1, 2, 4, 6),
         [(1, 8, 2, 3)], blocksize=2)
    case("pixel shuffle", "DepthToSpace", lambda x: F.pixel_shuffle(x, 2), [(1, 8, 2, 3)], blocksize=2, mode="CRD")
    case("space to depth", "SpaceToDepth",
         lambda x: x.reshape(1, 2, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(1, 8, 2, 3),
         [(1, 2, 4, 6)], blocksize=2)
    case("cast to float", "Cast", lambda x: x, [(2, 3)], to=1)
    resizes()


def resizes():
    x = (1, 2, 3, 4)
    scales = constant([1.0, 1.0, 2.0, 2.0], "FLOAT")
    interpolate = F.interpolate
    case("upsample nearest", "Upsample", lambda x: interpolate(x, scale_factor=2), [x], opset=9, constants=[scales])
    case("upsample attribute", "Upsample", lambda x: interpolate(x, scale_factor=2), [x], opset=7,
         scales=[1.0, 1.0, 2.0, 2.0])
    case("resize nearest as in opset 10", "Resize", lambda x: interpolate(x, scale_factor=2), [x], opset=10,
         constants=[scales])
    case("resize nearest", "Resize", lambda x: interpolate(x, scale_factor=2), [x], inputs=["o0", "", "c0"],
         constants=[scales], coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    case("resize half pixel nearest down", "Resize", lambda x: x[:, :, [0, 2]][:, :, :, [0, 2]], [(1, 2, 4, 4)],
         inputs=["o0", "", "c0"], constants=[constant([1.0, 1.0, 0.5, 0.5], "FLOAT")])
    case("resize linear", "Resize", lambda x: interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
         [x], inputs=["o0", "", "c0"], constants=[scales], mode="linear")
    case("resize linear to sizes", "Resize",
         lambda x: interpolate(x, size=(5, 3), mode="bilinear", align_corners=False), [x],
         inputs=["o0", "", "", "c0"], constants=[constant([1, 2, 5, 3])], mode="linear",
         coordinate_transformation_mode="pytorch_half_pixel")
    case("resize linear, corners aligned", "Resize",
         lambda x: interpolate(x, size=(5, 7), mode="bilinear", align_corners=True), [x],
         inputs=["o0", "", "", "c0"], constants=[constant([1, 2, 5, 7])], mode="linear",
         coordinate_transformation_mode="align_corners")
    case("resize linear, one axis", "Resize",
         lambda x: interpolate(x, scale_factor=2, mode="linear", align_corners=False), [(2, 2, 4)],
         inputs=["o0", "", "c0"], constants=[constant([1.0, 1.0, 2.0], "FLOAT")], mode="linear")


def reductions():
    family("reduction")
    x = (2, 3, 4)
    rules = {
        "ReduceMean": torch.mean, "ReduceSum": torch.sum, "ReduceMax": torch.amax, "ReduceMin": torch.amin,
        "ReduceSumSquare": lambda x, **a: (x * x).sum(**a), "ReduceL2": lambda x, **a: (x * x).sum(**a).sqrt(),
    }
    for operator, rule in rules.items():
        case(f"{operator} of inner axes", operator, lambda x: rule(x, dim=(1, 2), keepdim=False), [x], opset=12,
             axes=[1, -1], keepdims=0)
        case(f"{operator} of the first axis", operator, lambda x: rule(x, dim=(0,), keepdim=True), [x], opset=18,
             constants=[constant([0])])
    case("ReduceSum of the middle axis", "ReduceSum", lambda x: x.sum(1), [x], opset=13, keepdims=0,
         constants=[constant([1])])
    case("ReduceMean of everything", "ReduceMean", lambda x: x.mean((0, 1, 2), True), [x], opset=13)
    case("ReduceSum of nothing", "ReduceSum", lambda x: x * 1, [x], noop_with_empty_axes=1)


def normalisations():
    family("normalisation")

    def batch(momentum):
        def normalise(x, scale, shift, mean, variance):
            axes = [0] + list(range(2, x.dim()))
            shape = [-1] + [1] * (x.dim() - 2)
            with torch.no_grad():
                mean.mul_(momentum).add_((1 - momentum) * x.mean(axes))
                variance.mul_(momentum).add_((1 - momentum) * x.var(axes, unbiased=False))
            y = F.batch_norm(x, None, None, training=True, eps=1e-3)
            return scale.reshape(shape) * y + shift.reshape(shape)

        return normalise

    for name, shape in (("images", (3, 2, 4, 5)), ("rows", (3, 2, 4)), ("vectors", (6, 3))):
        case(f"batch normalisation of {name}", "BatchNormalization", batch(0.75), [shape, shape[1:2], shape[1:2]],
             fixed=[torch.randn(shape[1]), torch.rand(shape[1]) + 0.5], epsilon=1e-3, momentum=0.75)
    frozen = [[0.5, -0.25], [1.5, 0.75]]
    case("batch normalisation of frozen statistics", "BatchNormalization",
         lambda x, s, b: F.batch_norm(x, torch.tensor(frozen[0]), torch.tensor(frozen[1]), s, b), [(3, 2, 4), (2,), (2,)],
         constants=[constant(v, "FLOAT") for v in frozen])
    case("instance normalisation", "InstanceNormalization", lambda x, s, b: F.instance_norm(x, weight=s, bias=b),
         [(2, 3, 4, 2), (3,), (3,)])
    case("layer normalisation", "LayerNormalization", lambda x, s, b: F.layer_norm(x, (5,), s, b),
         [(2, 3, 5), (5,), (5,)])
    case("layer normalisation of two axes", "LayerNormalization", lambda x, s: F.layer_norm(x, (3, 4), s, eps=1e-3),
         [(2, 3, 4), (3, 4)], axis=1, epsilon=1e-3)
    case("group normalisation", "GroupNormalization", lambda x, s, b: F.group_norm(x, 2, s, b),
         [(2, 4, 3), (4,), (4,)], opset=21, num_groups=2)
    case("group normalisation by groups", "GroupNormalization",
         lambda x, s, b: F.group_norm(x, 2, s.repeat_interleave(2), b.repeat_interleave(2)),
         [(2, 4, 3), (2,), (2,)], opset=18, num_groups=2)
    case("local response normalisation", "LRN", lambda x: F.local_response_norm(x, 3, 0.3, 0.6, 1.5), [(2, 5, 2, 2)],
         size=3, alpha=0.3, beta=0.6, bias=1.5)


def steps(network, x, y, make):
    for p, start in zip(network.parameters(), network.start):
        p.data.copy_(start)
    optimizer = make(network.parameters())
    losses = []
    for _ in range(6):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "weights": {n: tensor(p) for n, p in network.named_parameters()}}


def network(name, layers, x, classes):
    y = torch.randint(0, classes, (x.shape[0],))
    net = torch.nn.Sequential(layers)
    net.start = [p.detach().clone() for p in net.parameters()]
    logits = net(x)
    loss = F.cross_entropy(logits, y)
    loss.backward()
    return {
        "name": name,
        "x": tensor(x),
        "y": y.tolist(),
        "parameters": {n: tensor(s) for (n, _), s in zip(net.named_parameters(), net.start)},
        "logits": tensor(logits),
        "loss": loss.item(),
        "gradients": {n: tensor(p.grad) for n, p in net.named_parameters()},
        "adam": steps(net, x, y, lambda p: torch.optim.Adam(p, lr=0.01)),
        "sgd": steps(net, x, y, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    }


def networks():
    from collections import OrderedDict as Layers

    cnn = Layers(
        conv1=torch.nn.Conv2d(2, 4, 3, padding=1),
        relu1=torch.nn.ReLU(),
        pool1=torch.nn.MaxPool2d(2),
        conv2=torch.nn.Conv2d(4, 6, 3),
        relu2=torch.nn.ReLU(),
        pool2=torch.nn.AvgPool2d(2),
        flatten=torch.nn.Flatten(),
        fc1=torch.nn.Linear(24, 8),
        sigmoid=torch.nn.Sigmoid(),
        fc2=torch.nn.Linear(8, 5),
    )
    mlp = Layers(
        fc1=torch.nn.Linear(6, 7),
        tanh=torch.nn.Tanh(),
        fc2=torch.nn.Linear(7, 7),
        sigmoid=torch.nn.Sigmoid(),
        fc3=torch.nn.Linear(7, 4),
    )
    return [
        network("cnn", cnn, torch.randn(5, 2, 12, 13), 5),
        network("mlp", mlp, torch.randn(9, 6), 4),
    ]


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    convolutions()
    products()
    elementwise()
    movements()
    reductions()
    normalisations()
    (target / "operators").mkdir(exist_ok=True)
    for name, cases in CASES.items():
        (target / "operators" / f"{name}.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    torch.manual_seed(20)
    (target / "networks.json").write_text(json.dumps(networks(), separators=(",", ":")) + "\n")
