"""Writes the gradients that PyTorch computes for a network in evaluation mode.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_inference_gradient_fixture.py src/test/resources/fixtures/gradients

inference.json: parameters and running statistics of a network with batch normalisation and dropout,
samples, the mean cross-entropy over all of them and its gradients, with dropout off and the running
statistics in use; and by batch size the mean over batches, each by its share of the samples, of the
squares of the batches' gradients.
"""

import json
import pathlib
import sys
from collections import OrderedDict

import torch
import torch.nn.functional as F

torch.manual_seed(31)
torch.set_num_threads(1)


def tensor(t):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.8g}") for v in t.flatten().tolist()]}


def network():
    return torch.nn.Sequential(
        OrderedDict(
            conv1=torch.nn.Conv2d(2, 4, 3),
            bn1=torch.nn.BatchNorm2d(4),
            relu1=torch.nn.ReLU(),
            drop1=torch.nn.Dropout(0.3),
            flatten=torch.nn.Flatten(),
            fc1=torch.nn.Linear(64, 8),
            bn2=torch.nn.BatchNorm1d(8),
            tanh=torch.nn.Tanh(),
            drop2=torch.nn.Dropout(0.5),
            fc2=torch.nn.Linear(8, 3),
        )
    )


def squares(net, x, y, size):
    sums = {n: torch.zeros_like(p, dtype=torch.double) for n, p in net.named_parameters()}
    for start in range(0, len(x), size):
        net.zero_grad()
        batch = x[start : start + size]
        F.cross_entropy(net(batch), y[start : start + size]).backward()
        for n, p in net.named_parameters():
            sums[n] += p.grad.double() ** 2 * len(batch) / len(x)
    return {n: tensor(s) for n, s in sums.items() if n in ("conv1.weight", "fc1.weight", "fc2.weight")}


if __name__ == "__main__":
    net = network()
    with torch.no_grad():
        for norm in (net.bn1, net.bn2):
            norm.weight.copy_(torch.rand_like(norm.weight) + 0.5)
            norm.bias.copy_(torch.randn_like(norm.bias) * 0.3)
            norm.running_mean.copy_(torch.randn_like(norm.running_mean) * 0.5)
            norm.running_var.copy_(torch.rand_like(norm.running_var) + 0.4)
    net.eval()
    x = torch.randn(11, 2, 6, 6)
    y = torch.randint(0, 3, (11,))
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    fixture = {
        "x": tensor(x),
        "y": y.tolist(),
        "parameters": {n: tensor(t) for n, t in net.state_dict().items() if "num_batches" not in n},
        "loss": loss.item(),
        "gradients": {n: tensor(p.grad) for n, p in net.named_parameters()},
    }
    fixture["squares"] = {size: squares(net, x, y, size) for size in (1, 4)}
    target = pathlib.Path(sys.argv[1]) / "inference.json"
    target.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
