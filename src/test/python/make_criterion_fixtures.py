"""Writes src/test/resources/fixtures/criteria: small networks as ONNX files, and what an independent
reference says of their layers' inputs, WANDA, LAMP and OBS.

Run with Debian's python3 (numpy, torch 1.13, onnx). What flows into a weight is found without
unrolling anything: an operator is linear in its weights, so its result for weights that are zero but
for a single one is the input of that weight, at all places.
"""

import io
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

FIXTURES = pathlib.Path(__file__).parents[1] / "resources/fixtures/criteria"


class Windows(nn.Module):
    """Convolutions of all kinds, and products of matrices."""

    def __init__(self):
        super().__init__()
        self.plain = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.grouped = nn.Conv2d(6, 8, (3, 2), padding=(1, 0), dilation=(1, 2), groups=2)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.up = nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1, groups=2)
        self.pointwise = nn.Conv2d(6, 4, 1)
        self.line = nn.Conv1d(4, 5, 3, stride=2)
        self.dense = nn.Linear(5 * 24, 9)
        self.product = nn.Parameter(torch.randn(9, 3) / 3)

    def forward(self, x):
        x = torch.relu(self.plain(x))
        x = torch.relu(self.grouped(x))
        x = torch.relu(self.depthwise(x))
        x = torch.relu(self.up(x))
        x = torch.relu(self.pointwise(x))
        x = torch.relu(self.line(x.flatten(2)))
        x = torch.relu(self.dense(x[:, :, :24].flatten(1)))
        return torch.matmul(x, self.product)


class States(nn.Module):
    """Recurrent layers; features last, steps in the middle."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 4, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(8, 3, batch_first=True)
        self.rnn = nn.RNN(3, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        x, _ = self.lstm(x)
        x, _ = self.gru(x)
        x, _ = self.rnn(x)
        return self.head(x[:, -1])


def responses(apply, weight):
    """What flows into each weight: [weights, observations], zero where another output's row is."""
    found = []
    for i in range(weight.numel()):
        single = torch.zeros(weight.numel())
        single[i] = 1
        found.append(apply(single.reshape(weight.shape)).reshape(-1))
    return torch.stack(found).double().numpy()


def captured(net, module, x):
    kept = []
    handle = module.register_forward_pre_hook(lambda m, inputs: kept.append(inputs[0].detach()))
    net(x)
    handle.remove()
    return kept[0]


def linear_response(net, name, module, x):
    value = captured(net, module, x)
    w = module.weight
    if isinstance(module, nn.ConvTranspose2d):
        apply = lambda k: F.conv_transpose2d(value, k, None, module.stride, module.padding,
                                             module.output_padding, module.groups)
    elif isinstance(module, nn.Conv2d):
        apply = lambda k: F.conv2d(value, k, None, module.stride, module.padding, module.dilation,
                                   module.groups)
    elif isinstance(module, nn.Conv1d):
        apply = lambda k: F.conv1d(value, k, None, module.stride)
    else:
        apply = lambda k: F.linear(value, k)
    return responses(apply, w)


def rows_of(weight, transposed=False, groups=1, product=False):
    """Places of the weights of each output."""
    places = np.arange(weight.size).reshape(weight.shape)
    if product:
        return [list(map(int, places[:, j])) for j in range(weight.shape[1])]
    if transposed:
        per = weight.shape[0] // groups
        return [list(map(int, places[g * per:(g + 1) * per, m].reshape(-1)))
                for g in range(groups) for m in range(weight.shape[1])]
    return [list(map(int, places[m].reshape(-1))) for m in range(weight.shape[0])]


def lamp(weight):
    """Lee et al. 2021, equation 3."""
    squares = np.sort(np.abs(weight.reshape(-1)).astype(np.float64)) ** 2
    rest = np.cumsum(squares[::-1])[::-1]
    order = np.argsort(np.abs(weight.reshape(-1)), kind="stable")
    scores = np.empty(weight.size)
    scores[order] = squares / rest
    return scores


def wanda(weight, energies):
    """Sun et al. 2023, equation 1."""
    return np.abs(weight.reshape(-1)).astype(np.float64) * np.sqrt(energies)


def damped(gram):
    gram = gram.copy()
    mean = np.mean(np.diag(gram))
    gram[np.diag_indices_from(gram)] += 0.01 * mean if mean > 0 else 1.0
    return gram


def obs(weight, rows, inputs, count, block, masked=()):
    """Frantar and Alistarh 2023, by their equations: every inverse is one, and taken anew.

    Which weights go is decided in two steps: how many of each block of columns by w² / [H⁻¹]ⱼⱼ of
    the whole layer, which of a block's by the same with the inverse over the columns that are left.
    """
    w = weight.reshape(-1).astype(np.float64).copy()
    gone = np.zeros(w.size, bool)
    gone[list(masked)] = True
    # Rows with the same inputs form a group.
    groups = {}
    for row in rows:
        gram = inputs[row] @ inputs[row].T
        for key, (other, members) in groups.items():
            if gram.shape == other.shape and np.allclose(gram, other, rtol=1e-9, atol=1e-12):
                members.append(row)
                break
        else:
            groups[len(groups)] = (gram, [row])
    hessians = [(damped(gram), members) for gram, members in groups.values()]
    first = np.empty(w.size)
    for h, members in hessians:
        diagonal = np.diag(np.linalg.inv(h))
        for row in members:
            first[row] = w[row] ** 2 / diagonal
    order = sorted((i for i in range(w.size) if not gone[i]), key=lambda i: (first[i], i))
    chosen = np.zeros(w.size, bool)
    chosen[order[:count]] = True
    for h, members in hessians:
        columns = len(members[0])
        trailing = [np.linalg.inv(h[j:, j:]) for j in range(columns)]
        for start in range(0, columns, block):
            cells = [(row, j) for row in members for j in range(start, min(start + block, columns))]
            wanted = sum(chosen[row[j]] for row, j in cells)
            scored = [(w[row[j]] ** 2 / trailing[j][0, 0], n) for n, (row, j) in enumerate(cells)
                      if not gone[row[j]]]
            for _, n in sorted(scored)[:wanted]:
                row, j = cells[n]
                gone[row[j]] = True
            for j in range(start, min(start + block, columns)):
                for row in members:
                    if gone[row[j]]:
                        inverse = trailing[j]
                        w[row[j:]] -= w[row[j]] / inverse[0, 0] * inverse[0]
                        w[row[j]] = 0
    return w, gone


def numbers(values):
    return [float("%.8g" % v) for v in np.asarray(values).reshape(-1)]


def layer(name, weight, rows, inputs, block=128, masked=0):
    energies = (inputs ** 2).sum(1)
    count = weight.size // 2
    drawn = np.random.RandomState(len(name)).permutation(weight.size)[:masked]
    start = weight.reshape(-1).copy()
    start[drawn] = 0
    after, gone = obs(start, rows, inputs, count, block, drawn)
    return {
        "name": name,
        "energies": numbers(energies),
        "wanda": numbers(wanda(weight, energies)),
        "lamp": numbers(lamp(weight)),
        "obs": {
            "block": block,
            "removed": count,
            "masked": sorted(map(int, drawn)),
            "weights": numbers(after),
            "kept": [int(not g) for g in gone],
            "error": float(sum((((after - start)[row] @ inputs[row]) ** 2).sum() for row in rows)),
        },
    }


def export(net, x, name, layers):
    buffer = io.BytesIO()
    torch.onnx.export(net, x[:2], buffer, input_names=["input"], output_names=["output"],
                      opset_version=13, dynamic_axes={"input": {0: "n"}, "output": {0: "n"}})
    (FIXTURES / f"{name}.onnx").write_bytes(buffer.getvalue())
    (FIXTURES / f"{name}.json").write_text(json.dumps({
        "shape": list(x.shape), "x": numbers(x), "layers": layers}) + "\n")


def windows():
    torch.manual_seed(5)
    net = Windows().eval()
    # Neighbours are alike, so that inputs are correlated and updating pays.
    x = F.avg_pool2d(torch.randn(11, 4, 13, 14), 3, 1) * 2 + 0.3
    layers = []
    with torch.no_grad():
        for name, module in net.named_children():
            w = module.weight.numpy()
            rows = rows_of(w, isinstance(module, nn.ConvTranspose2d), getattr(module, "groups", 1))
            layers.append(layer(name + ".weight", w, rows,
                                linear_response(net, name, module, x),
                                block=16 if name == "dense" else 128,
                                masked=20 if name == "plain" else 0))
        value = torch.relu(F.linear(captured(net, net.dense, x), net.dense.weight, net.dense.bias))
        w = net.product.numpy()
        layers.append(layer("product", w, rows_of(w, product=True),
                            responses(lambda k: torch.matmul(value, k), net.product)))
        export(net, x, "windows", layers)


def shifted(states, reverse):
    """The states before each step."""
    zero = torch.zeros_like(states[:, :1])
    return torch.cat([states[:, 1:], zero], 1) if reverse else torch.cat([zero, states[:, :-1]], 1)


def states():
    torch.manual_seed(6)
    net = States().eval()
    x = torch.randn(9, 6, 5)
    layers = []
    with torch.no_grad():
        value = x
        for name, module in list(net.named_children())[:3]:
            result, _ = module(value)
            units = module.hidden_size
            found = {}
            for suffix, reverse in [("", False)] + ([("_reverse", True)] if name == "lstm" else []):
                own = result[..., units:] if reverse else result[..., :units]
                found[f"{name}.weight_ih_l0{suffix}"] = value
                found[f"{name}.weight_hh_l0{suffix}"] = shifted(own, reverse)
            for key, inputs in found.items():
                flat = inputs.reshape(-1, inputs.shape[-1]).double().numpy()
                w = getattr(module, key.split(".")[1])
                layers.append({
                    "name": key,
                    "columnEnergies": numbers((flat ** 2).sum(0)),
                    "rows": w.shape[0],
                })
            value = result
    export(net, x, "states", layers)


if __name__ == "__main__":
    FIXTURES.mkdir(exist_ok=True)
    windows()
    states()
