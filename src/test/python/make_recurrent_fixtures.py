"""Writes what PyTorch computes for recurrent operators and embeddings.

Run with Debian 12's python3-torch (1.13):

    /usr/bin/python3 src/test/python/make_recurrent_fixtures.py src/test/resources/fixtures/gradients

recurrent.json: per case an ONNX operator with attributes, its inputs by position (null where one is
omitted), its results, a cotangent c per result and the gradients of sum(result * c) by every float
input. PyTorch's gates are put into ONNX's order: LSTM i,f,g,o -> i,o,f,c; GRU r,z,n -> z,r,h.
"""

import json
import pathlib
import sys

import torch

torch.manual_seed(21)
torch.set_num_threads(1)
ORDER = {"LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2], "RNN": [0]}
CASES = []


def tensor(t):
    t = t.detach()
    if not t.is_floating_point():
        return {"type": "int32" if t.dtype == torch.int32 else "int64", "shape": list(t.shape),
                "values": t.flatten().tolist()}
    return {"shape": list(t.shape), "values": [float(f"{v:.8g}") for v in t.flatten().tolist()]}


def reorder(operator, weights):
    blocks = weights.chunk(len(ORDER[operator]), 0)
    return torch.cat([blocks[i] for i in ORDER[operator]])


def stacked(operator, net, kind):
    """Weights of all directions in ONNX's order, as a leaf that PyTorch's own are computed from."""
    names = [f"{kind}_l0"] + ([f"{kind}_l0_reverse"] if net.bidirectional else [])
    return torch.stack([reorder(operator, getattr(net, name).detach()) for name in names])


def gradients(operator, net, kind):
    names = [f"{kind}_l0"] + ([f"{kind}_l0_reverse"] if net.bidirectional else [])
    return torch.stack([reorder(operator, getattr(net, name).grad) for name in names])


def recurrent(name, operator, make, lengths=None, initial=False, bias=True, bidirectional=False,
              read=(True, True, True), **attributes):
    steps, batch, inputs, hidden = 5, 3, 4, 6
    net = make(inputs, hidden, bias=bias, bidirectional=bidirectional)
    directions = 2 if bidirectional else 1
    x = torch.randn(steps, batch, inputs, requires_grad=True)
    states = 2 if operator == "LSTM" else 1
    start = [torch.randn(directions, batch, hidden, requires_grad=True) for _ in range(states)]
    given = None if not initial else tuple(start) if states == 2 else start[0]
    if lengths is None:
        y, last = net(x, given)
    else:
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
        y, last = net(packed, given)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=steps)
    # PyTorch has [steps, batch, directions * hidden], ONNX [steps, directions, batch, hidden].
    y = y.reshape(steps, batch, directions, hidden).transpose(1, 2)
    results = [y, *(last if states == 2 else [last])]
    cotangents = [torch.randn_like(r) if read[i] else None for i, r in enumerate(results)]
    sum((r * c).sum() for r, c in zip(results, cotangents) if c is not None).backward()
    w, r = stacked(operator, net, "weight_ih"), stacked(operator, net, "weight_hh")
    b = torch.cat([stacked(operator, net, k) for k in ("bias_ih", "bias_hh")], 1) if bias else None
    given_lengths = None if lengths is None else torch.tensor(lengths, dtype=torch.int32)
    starts = start if initial else [None] * states
    values = [x, w, r, b, given_lengths, *starts]
    grads = [
        x.grad,
        gradients(operator, net, "weight_ih"),
        gradients(operator, net, "weight_hh"),
        torch.cat([gradients(operator, net, k) for k in ("bias_ih", "bias_hh")], 1) if bias else None,
        None,
        *(s.grad if initial else None for s in start),
    ]
    CASES.append({
        "name": name,
        "operator": operator,
        "attributes": {"hidden_size": hidden, **attributes},
        "inputs": [None if v is None else tensor(v) for v in values],
        "results": [tensor(r) for r in results],
        "cotangents": [None if c is None else tensor(c) for c in cotangents],
        "gradients": [None if g is None else tensor(g) for g in grads],
    })


def embedding(name, indices):
    table = torch.randn(7, 3, requires_grad=True)
    result = torch.nn.functional.embedding(indices.long() % 7, table)
    cotangent = torch.randn_like(result)
    (result * cotangent).sum().backward()
    CASES.append({
        "name": name,
        "operator": "Gather",
        "attributes": {},
        "inputs": [tensor(table), tensor(indices)],
        "results": [tensor(result)],
        "cotangents": [tensor(cotangent)],
        "gradients": [tensor(table.grad), None],
    })


def cases():
    for operator, make in (("LSTM", torch.nn.LSTM), ("GRU", torch.nn.GRU), ("RNN", torch.nn.RNN)):
        extra = {"linear_before_reset": 1} if operator == "GRU" else {}
        short = operator.lower()
        recurrent(f"{short}", operator, make, **extra)
        recurrent(f"{short} with initial states", operator, make, initial=True, **extra)
        recurrent(f"{short} without biases", operator, make, bias=False, **extra)
        recurrent(f"{short} of uneven lengths", operator, make, lengths=[3, 5, 1], initial=True, **extra)
        recurrent(f"{short} of which the last state is read", operator, make,
                  read=(False, True, False), **extra)
        recurrent(f"{short} of which all states are read", operator, make,
                  read=(True, False, False), **extra)
        recurrent(f"{short} in both directions", operator, make, bidirectional=True, initial=True,
                  direction="bidirectional", **extra)
        recurrent(f"{short} in both directions of uneven lengths", operator, make,
                  bidirectional=True, lengths=[2, 4, 5], direction="bidirectional", **extra)
    recurrent("rnn with relu", "RNN",
              lambda *a, **k: torch.nn.RNN(*a, nonlinearity="relu", **k), activations=["Relu"])
    embedding("embedding", torch.tensor([[1, 6, 1], [0, 3, 1]]))
    embedding("embedding by negative indices", torch.tensor([-1, 2, -7, 2], dtype=torch.int32))


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    cases()
    (target / "recurrent.json").write_text(json.dumps(CASES, separators=(",", ":")) + "\n")
