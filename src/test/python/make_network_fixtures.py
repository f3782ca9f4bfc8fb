"""Exports small untrained networks of common designs with what PyTorch computes in training.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_network_fixtures.py src/test/resources/fixtures/networks

<name>.onnx: the network in evaluation mode, as users export it.
<name>.json: a batch, the loss and all gradients of one pass in training mode, running statistics
after it, and the losses of updates with torch.optim.Adam and torch.optim.SGD(momentum=0.9).
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)


def normed(i, o, k=3, stride=1, groups=1):
    conv = nn.Conv2d(i, o, k, stride, k // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(o))


class Residual(nn.Module):
    """A basic block as in ResNet, with a projection where the shape changes."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.first = normed(i, o, 3, stride)
        self.second = normed(o, o)
        self.skip = normed(i, o, 1, stride) if stride > 1 or i != o else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.skip(x))


class Resnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = normed(2, 6)
        self.body = nn.Sequential(nn.MaxPool2d(3, 2, 1), Residual(6, 6, 1), Residual(6, 10, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(10, 4)

    def forward(self, x):
        return self.head(torch.flatten(self.pool(self.body(F.relu(self.stem(x)))), 1))


class Excitation(nn.Module):
    """Squeeze and excitation: channels weighted by what their means say."""

    def __init__(self, c, r):
        super().__init__()
        self.squeeze = nn.Conv2d(c, r, 1)
        self.excite = nn.Conv2d(r, c, 1)

    def forward(self, x):
        weights = F.adaptive_avg_pool2d(x, 1)
        return x * F.hardsigmoid(self.excite(F.relu(self.squeeze(weights))))


class Inverted(nn.Module):
    """An inverted residual with a depthwise convolution, as in MobileNet 2 and 3."""

    def __init__(self, i, wide, o, stride, activation, excited):
        super().__init__()
        self.layers = nn.Sequential(
            normed(i, wide, 1), activation(), normed(wide, wide, 3, stride, wide), activation(),
            Excitation(wide, 4) if excited else nn.Identity(), normed(wide, o, 1),
        )
        self.same = stride == 1 and i == o

    def forward(self, x):
        return x + self.layers(x) if self.same else self.layers(x)


class Mobilenet(nn.Module):
    def __init__(self, activation, excited):
        super().__init__()
        self.stem = nn.Sequential(normed(2, 6, 3, 2), activation())
        self.body = nn.Sequential(
            Inverted(6, 12, 6, 1, activation, excited), Inverted(6, 12, 8, 2, activation, excited)
        )
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.body(self.stem(x)).mean([2, 3]))


class Densenet(nn.Module):
    """Concatenated features, channels shuffled between grouped convolutions, upsampled."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1, groups=2)
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.slope = nn.PReLU(4)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        a = F.leaky_relu(self.first(x), 0.1)
        n, c, h, w = a.shape
        shuffled = a.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        b = torch.cat([a, F.elu(self.second(shuffled))], 1)
        u = self.slope(self.up(F.avg_pool2d(b, 2)))
        v = F.interpolate(F.max_pool2d(u, 2), scale_factor=2, mode="nearest")
        return self.head(torch.cat([u.mean((2, 3)), v.amax((2, 3))], 1))


class Transformer(nn.Module):
    def __init__(self, tokens):
        super().__init__()
        self.tokens = tokens
        self.embedding = nn.Embedding(11, 8) if tokens else nn.Linear(5, 8)
        self.position = nn.Parameter(torch.randn(1, 6, 8) * 0.3)
        layer = nn.TransformerEncoderLayer(
            8, 2, 12, dropout=0.0, activation="gelu", batch_first=True, norm_first=tokens)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        y = self.encoder(self.embedding(x) + self.position)
        return self.head(self.norm(y)[:, 0] if self.tokens else self.norm(y.mean(1)))


def tensor(t):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.7g}") for v in t.flatten().tolist()]}


def updates(net, state, x, y, make):
    net.load_state_dict(state)
    optimizer = make(net.parameters())
    losses = []
    for _ in range(6):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def write(target, name, net, x, opset, fold=False):
    # PyTorch writes equal tensors once: what starts as zeros or ones must differ, as after training.
    for t in list(net.parameters()) + [b for n, b in net.named_buffers() if "running" in n]:
        t.data += 0.1 * torch.rand_like(t)
    state = {k: v.clone() for k, v in net.state_dict().items()}
    evaluated = "transformer" not in name  # whose evaluation mode PyTorch 1.13 cannot export
    net.train(not evaluated)
    torch.onnx.export(
        net, x, str(target / f"{name}.onnx"), opset_version=opset, training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=fold, input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}},
    )
    net.load_state_dict(state)
    net.train()
    y = torch.randint(0, 4, (x.shape[0],))
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    fixture = {
        "x": {"type": "INT64" if x.dtype == torch.int64 else "FLOAT", **tensor(x)},
        "y": y.tolist(),
        "loss": loss.item(),
        "gradients": {n: tensor(p.grad) for n, p in net.named_parameters()},
        "statistics": {n: tensor(b) for n, b in net.named_buffers() if "running" in n},
        "adam": updates(net, state, x, y, lambda p: torch.optim.Adam(p, lr=0.01)),
        "sgd": updates(net, state, x, y, lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9)),
    }
    (target / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(exist_ok=True)
    torch.manual_seed(3)
    images = torch.randn(8, 2, 12, 12)
    write(target, "resnet", Resnet(), images, 13)
    write(target, "mobilenet-v2", Mobilenet(nn.ReLU6, False), images, 11)
    write(target, "mobilenet-v3", Mobilenet(nn.Hardswish, True), images, 14)
    write(target, "densenet", Densenet(), images, 12)
    write(target, "transformer", Transformer(False), torch.randn(5, 6, 5), 13)
    write(target, "transformer-tokens", Transformer(True), torch.randint(0, 11, (5, 6)), 17)
    write(target, "transformer-folded", Transformer(True), torch.randint(0, 11, (5, 6)), 14, fold=True)
