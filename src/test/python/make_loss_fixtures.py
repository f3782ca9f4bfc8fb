"""Writes what PyTorch computes for the losses of every task.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_loss_fixtures.py src/test/resources/fixtures/gradients

losses.json: per case a task, the operator that ends the model (empty for none), the values before
it, targets, the mean loss and the gradient of the values. Some values are far from 0, where a
logarithm of a rounded probability would be infinite.
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(22)


def tensor(t):
    t = t.detach()
    return {"integers": not t.is_floating_point(), "shape": list(t.shape),
            "values": [float(f"{v:.9g}") for v in t.flatten().tolist()]}


def case(name, task, head, values, targets, loss_of):
    values = values.clone().requires_grad_()
    loss = loss_of(values, targets)
    loss.backward()
    return {"name": name, "task": task, "head": head, "values": tensor(values),
            "targets": tensor(targets), "loss": loss.item(), "gradient": tensor(values.grad)}


def cases():
    wide = 3 * torch.randn(6, 4)
    wide[0, 0], wide[1, 1], wide[2, 2] = 95.0, -95.0, 60.0
    labels = torch.tensor([1, 1, 0, 3, 2, 0])
    column = 2 * torch.randn(6, 1)
    column[0], column[1] = 95.0, -95.0
    answers = torch.tensor([1, 0, 0, 1, 1, 0])
    both = (torch.rand(6, 4) > 0.5).float()

    def one_column(z, y):
        return F.binary_cross_entropy_with_logits(z[:, 0], y.float())

    def one_against_all(z, y):
        return F.binary_cross_entropy_with_logits(z, F.one_hot(y, 4).float())

    binary = F.binary_cross_entropy_with_logits
    return [
        case("softmax", "classification", "Softmax", wide, labels, F.cross_entropy),
        case("log softmax", "classification", "LogSoftmax", wide, labels, F.cross_entropy),
        case("logits", "classification", "", wide, labels, F.cross_entropy),
        case("one column of sigmoids", "classification", "Sigmoid", column, answers, one_column),
        case("one column of logits", "classification", "", column, answers, one_column),
        case("sigmoids of classes", "classification", "Sigmoid", wide, labels, one_against_all),
        case("labels under sigmoids", "multilabel", "Sigmoid", wide, both, binary),
        case("labels under logits", "multilabel", "", wide, both, binary),
        case("soft labels", "multilabel", "Sigmoid", wide, torch.rand(6, 4), binary),
        case("regression", "regression", "", wide, torch.randn(6, 4), F.mse_loss),
        case("regression of one number", "regression", "", column, torch.randn(6, 1), F.mse_loss),
        case("regression of images", "regression", "", wide.reshape(2, 3, 2, 2),
             torch.randn(2, 3, 2, 2), F.mse_loss),
    ]


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) / "losses.json"
    target.write_text(json.dumps(cases(), separators=(",", ":")) + "\n")
