"""Writes how PyTorch trains the networks of networks.json under various recovery settings.

Run with Debian 12's python3-torch (1.13), after make_gradient_fixtures.py:

    /usr/bin/python3 src/test/python/make_update_fixtures.py src/test/resources/fixtures/gradients

updates.json: per run the network, the settings as a policy names them, which weights are removed
(every "removed"-th of each tensor, from the first; 0 for none), and after some updates on all
samples as one batch: the loss before each update, the final weights, and for kernels the sum of
g * w over the updates (the movement of Sanh et al. 2020). A run that distils learns from the
network as networks.json has it, with no weight removed.
divergences.json: per case what kind of head it is, the logits, those of a teacher, the temperature,
the divergence and its gradient by the logits.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR

UPDATES = 10


def from_json(t):
    return torch.tensor(t["values"], dtype=torch.float32).reshape(t["shape"])


def to_json(t):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.8g}") for v in t.flatten().tolist()]}


def forward(name, p, x):
    if name == "cnn":
        x = F.max_pool2d(torch.relu(F.conv2d(x, p["conv1.weight"], p["conv1.bias"], padding=1)), 2)
        x = F.avg_pool2d(torch.relu(F.conv2d(x, p["conv2.weight"], p["conv2.bias"])), 2)
        x = torch.sigmoid(F.linear(x.flatten(1), p["fc1.weight"], p["fc1.bias"]))
        return F.linear(x, p["fc2.weight"], p["fc2.bias"])
    x = torch.tanh(F.linear(x, p["fc1.weight"], p["fc1.bias"]))
    x = torch.sigmoid(F.linear(x, p["fc2.weight"], p["fc2.bias"]))
    return F.linear(x, p["fc3.weight"], p["fc3.bias"])


def rates(optimizer, schedule):
    if schedule == "cosine":
        return CosineAnnealingLR(optimizer, UPDATES, eta_min=0)
    milestones = [-(-UPDATES // 2), -(-3 * UPDATES // 4)] if schedule == "step" else []
    return MultiStepLR(optimizer, milestones, gamma=0.1)


def optimizer(settings, parameters):
    rate = settings["learning-rate"]
    if settings["optimizer"] == "adam":
        return Adam(parameters, lr=rate)
    if settings["optimizer"] == "adamw":
        return AdamW(parameters, lr=rate, weight_decay=settings.get("weight-decay", 0.01))
    return SGD(parameters, lr=rate, momentum=settings.get("momentum", 0.9))


def run(network, settings, removed=0):
    name = network["name"]
    x, y = from_json(network["x"]), torch.tensor(network["y"])
    dense = {n: from_json(t) for n, t in network["parameters"].items()}
    masks = {n: torch.ones_like(t) for n, t in dense.items()}
    if removed:
        for mask in masks.values():
            mask.view(-1)[::removed] = 0
    p = {n: (t * masks[n]).requires_grad_() for n, t in dense.items()}
    updates = optimizer(settings, list(p.values()))
    schedule = rates(updates, settings.get("learning-rate-schedule", "constant"))
    movement = {n: torch.zeros_like(t) for n, t in dense.items() if n.endswith("weight")}
    with torch.no_grad():
        teacher = forward(name, dense, x)
    losses = []
    for _ in range(UPDATES):
        updates.zero_grad()
        logits = forward(name, p, x)
        loss = F.cross_entropy(logits, y)
        if "distill" in settings:
            t, weight = settings["distill"]["temperature"], settings["distill"]["weight"]
            soft = F.kl_div(F.log_softmax(logits / t, 1), F.softmax(teacher / t, 1), reduction="batchmean")
            loss = (1 - weight) * loss + weight * t * t * soft
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for n, t in movement.items():
                t += p[n].grad * p[n]
            for n, t in p.items():
                t.grad *= masks[n]
        if "clip-norm" in settings:
            torch.nn.utils.clip_grad_norm_(p.values(), settings["clip-norm"])
        updates.step()
        schedule.step()
        with torch.no_grad():
            for n, t in p.items():
                t *= masks[n]
    return {
        "network": name,
        "settings": settings,
        "removed": removed,
        "losses": losses,
        "weights": {n: to_json(t) for n, t in p.items()},
        "movement": {n: to_json(t) for n, t in movement.items()},
    }


def divergence(name, head, function, shape, temperature):
    z = (3 * torch.randn(shape)).requires_grad_()
    v = 3 * torch.randn(shape)
    loss = function(z, v, temperature)
    loss.backward()
    return {
        "name": name,
        "head": head,
        "temperature": temperature,
        "logits": to_json(z),
        "teacher": to_json(v),
        "loss": loss.item(),
        "gradient": to_json(z.grad),
    }


def softmax(z, v, t):
    return t * t * F.kl_div(F.log_softmax(z / t, 1), F.softmax(v / t, 1), reduction="batchmean")


def sigmoid(z, v, t):
    q, p = torch.sigmoid(z.double() / t), torch.sigmoid(v.double() / t)
    kl = p * (p.log() - q.log()) + (1 - p) * ((1 - p).log() - (1 - q).log())
    return t * t * kl.mean()


def main():
    target = pathlib.Path(sys.argv[1])
    cnn, mlp = json.loads((target / "networks.json").read_text())
    sgd, adam, adamw = ({"optimizer": o, "learning-rate": r} for o, r in
                        (("sgd", 0.05), ("adam", 0.01), ("adamw", 0.01)))
    soft = {"distill": {"temperature": 4, "weight": 0.5}}
    runs = [
        run(cnn, {**adamw, "weight-decay": 0.3}),
        run(cnn, {**sgd, "learning-rate-schedule": "cosine", "clip-norm": 0.2}, removed=3),
        run(mlp, {**sgd, "momentum": 0.0, "learning-rate-schedule": "step"}),
        run(mlp, {**sgd, "momentum": 0.5, "clip-norm": 0.05}, removed=2),
        run(mlp, {**adam, "learning-rate-schedule": "cosine"}, removed=2),
        run(mlp, {**adam, "learning-rate-schedule": "step", "clip-norm": 0.01}),
        run(mlp, {**adamw, "learning-rate-schedule": "cosine", "clip-norm": 1000.0}, removed=3),
        run(cnn, {**adam, **soft}, removed=2),
        run(mlp, {**sgd, "distill": {"temperature": 1.5, "weight": 1.0}}, removed=2),
        run(mlp, {**adamw, "weight-decay": 0.1, "clip-norm": 0.1, **soft,
                  "learning-rate-schedule": "step"}, removed=3),
    ]
    (target / "updates.json").write_text(json.dumps(runs, separators=(",", ":")) + "\n")
    torch.manual_seed(31)
    cases = [
        divergence("softmax", "softmax", softmax, (6, 5), 4.0),
        divergence("softmax, cold", "softmax", softmax, (3, 4), 0.5),
        divergence("sigmoids", "sigmoid", sigmoid, (5, 3), 2.0),
        divergence("one sigmoid", "sigmoid", sigmoid, (7, 1), 1.0),
    ]
    (target / "divergences.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
