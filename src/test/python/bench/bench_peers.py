#!/usr/bin/python3
"""What others do, in PyTorch, from the same dense network, data and epochs as the engine.

    bench_peers.py DIRECTORY NETWORK SEED METHOD SPARSITY STEPS EPOCHS BATCH OUTPUT.onnx

EPOCHS are those of each step. Masks hold in training; what is exported has them applied. METHOD:

gradual    global magnitude, the sparsity rising by a cubic (Zhu & Gupta 2017, arXiv:1710.01878), by
           torch.nn.utils.prune; one Adam through all steps
one-shot   global magnitude at once (Han et al. 2015, arXiv:1506.02626), then all epochs
snip       single-shot at initialisation by |g·w| (Lee et al. 2019, arXiv:1810.02340), then the
           epochs of the dense training and of all steps
"""

import pathlib
import sys

import torch
from torch import nn
from torch.nn.utils import prune

from bench_networks import NETWORKS, adam, build, epochs_of, export, samples

SNIP_SAMPLES = 512


def weights(model):
    return [(m, "weight") for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]


def cubic(target, step, steps):
    return target * (1 - (1 - step / steps) ** 3)


def removed(model):
    return sum(int((m.weight_mask == 0).sum()) for m, _ in weights(model) if prune.is_pruned(m))


def prune_to(model, sparsity, importance=None):
    """Masks until that share of all weights is gone; what is gone stays gone."""
    total = sum(m.weight.numel() for m, _ in weights(model))
    more = round(sparsity * total) - removed(model)
    scores = None if importance is None else dict(zip(weights(model), importance))
    prune.global_unstructured(
        weights(model), pruning_method=prune.L1Unstructured, importance_scores=scores, amount=more
    )


def gradual(model, x, y, sparsity, steps, epochs, batch):
    optimizer = None
    for step in range(1, steps + 1):
        prune_to(model, cubic(sparsity, step, steps))
        # Pruning puts weight_orig in the place of weight once; from then on the optimiser lasts.
        optimizer = optimizer or adam(model)
        epochs_of(model, optimizer, x, y, epochs, batch)


def one_shot(model, x, y, sparsity, steps, epochs, batch):
    prune_to(model, sparsity)
    epochs_of(model, adam(model), x, y, steps * epochs, batch)


def sensitivities(model, x, y):
    model.train()
    model.zero_grad()
    nn.CrossEntropyLoss()(model(x), y).backward()
    return [(m.weight.grad * m.weight).abs().detach() for m, _ in weights(model)]


def snip(model, x, y, sparsity, epochs, batch):
    drawn = torch.randperm(len(x))[:SNIP_SAMPLES]
    prune_to(model, sparsity, sensitivities(model, x[drawn], y[drawn]))
    epochs_of(model, adam(model), x, y, epochs, batch)


def main():
    directory, name, seed, method = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    sparsity, (steps, epochs, batch) = float(sys.argv[5]), map(int, sys.argv[6:9])
    torch.set_num_threads(1)
    torch.manual_seed(1_000 + seed)
    model = build(name)
    x, y = samples(directory, name, "training")
    if method == "snip":
        snip(model, x, y, sparsity, NETWORKS[name]["epochs"] + steps * epochs, batch)
    else:
        model.load_state_dict(torch.load(directory / f"{name}-{seed}.pt"))
        {"gradual": gradual, "one-shot": one_shot}[method](
            model, x, y, sparsity, steps, epochs, batch
        )
    for module, parameter in weights(model):
        prune.remove(module, parameter)
    export(model, x, pathlib.Path(sys.argv[9]))


if __name__ == "__main__":
    main()
