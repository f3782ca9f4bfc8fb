"""Writes what PyTorch computes for single operators and for two small networks.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_gradient_fixtures.py src/test/resources/fixtures/gradients

operators.json: per case an ONNX operator with attributes, its operands, its result, a cotangent c
and the gradients of sum(result * c) by every float operand.
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


CASES = []


def case(name, operator, function, shapes, opset=17, constants=None, **attributes):
    """A case whose operands are drawn from shapes; constants are int64 inputs after them."""
    operands = [torch.randn(shape, requires_grad=True) for shape in shapes]
    result = function(*operands)
    cotangent = torch.randn_like(result)
    (result * cotangent).sum().backward()
    CASES.append(
        {
            "name": name,
            "operator": operator,
            "opset": opset,
            "attributes": attributes,
            "constants": constants or [],
            "operands": [tensor(o) for o in operands],
            "result": tensor(result),
            "cotangent": tensor(cotangent),
            "gradients": [tensor(o.grad) for o in operands],
        }
    )


def operators():
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
    case("add", "Add", torch.add, [(2, 3), (2, 3)])
    case("add a row", "Add", torch.add, [(2, 3, 4), (4,)])
    case("add channels", "Add", torch.add, [(2, 3, 4, 2), (3, 1, 1)])
    case("add both repeated", "Add", torch.add, [(2, 1, 4), (3, 1)])
    case("add a scalar", "Add", torch.add, [(), (2, 3)])
    case("relu", "Relu", F.relu, [(3, 5)])
    case("sigmoid", "Sigmoid", torch.sigmoid, [(3, 5)])
    case("tanh", "Tanh", torch.tanh, [(3, 5)])
    case("softmax", "Softmax", lambda x: F.softmax(x, -1), [(2, 3, 4)])
    case("softmax of an inner axis", "Softmax", lambda x: F.softmax(x, 1), [(2, 3, 4)], axis=1)
    case(
        "softmax before opset 13", "Softmax",
        lambda x: F.softmax(x.reshape(2, 12), -1).reshape(2, 3, 4), [(2, 3, 4)], opset=12,
    )
    case("log softmax", "LogSoftmax", lambda x: F.log_softmax(x, -1), [(3, 4)])
    case("log softmax of the first axis", "LogSoftmax", lambda x: F.log_softmax(x, 0), [(3, 4)], axis=0)


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
    operators()
    (target / "operators.json").write_text(json.dumps(CASES, separators=(",", ":")) + "\n")
    (target / "networks.json").write_text(json.dumps(networks(), separators=(",", ":")) + "\n")
