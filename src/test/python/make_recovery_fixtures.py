"""Trains three models on real data in PyTorch and exports them to ONNX, with the data.

Run with Debian 12's python3-torch (1.13) and python3-numpy, and the contents of the packages
wordnet-base and r-cran-mlbench (dpkg -x PACKAGE.deb ROOT for both; R itself is not needed):

    /usr/bin/python3 src/test/python/make_recovery_fixtures.py ROOT src/test/resources/fashion-mnist \\
        src/test/resources/fixtures/recovery [glosses|letters|fashion ...]

gloss-lstm.onnx       an LSTM over word embeddings that tells what kind of thing a dictionary
                      definition defines; input int64 [n, 16], 0 pads on the left
letter-mlp.onnx       a perceptron that tells capital letters from 16 measures; input [n, 16]
fashion-residual.onnx a residual CNN with batch normalisation; input [n, 1, 28, 28]
glosses-*.npz, letters-*.npz
                      x and y, split into training and validation samples

Inputs as float32: glosses as they are, letters (x - 7) / 2.5, images x / 255.
"""

import collections
import gzip
import lzma
import pathlib
import random
import re
import struct
import sys

import numpy
import torch
from torch import nn

WORDS, STEPS = 2500, 16
# WordNet's lexicographer files noun.animal, noun.artifact, noun.person and noun.plant.
KINDS = {5: 0, 6: 1, 18: 2, 20: 3}
PER_KIND, GLOSS_VALIDATION = 6000, 8000
LETTER_VALIDATION = 8000


def glosses(root):
    """Definitions without their examples, as lists of lower-case words, by kind."""
    by_kind = collections.defaultdict(list)
    for line in open(root / "usr/share/wordnet/data.noun", encoding="latin-1"):
        if line.startswith("  "):
            continue
        fields, gloss = line.rstrip("\n").split(" | ", 1)
        kind = KINDS.get(int(fields.split()[1]))
        words = re.findall("[a-z]+", gloss.split('; "')[0].lower())[:STEPS]
        if kind is not None and len(words) >= 3:
            by_kind[kind].append(words)
    order = random.Random(1)
    samples = []
    for kind in sorted(by_kind):
        order.shuffle(by_kind[kind])
        samples += [(kind, words) for words in by_kind[kind][:PER_KIND]]
    order.shuffle(samples)
    return samples[GLOSS_VALIDATION:], samples[:GLOSS_VALIDATION]


def tokens(samples, vocabulary):
    """0 pads, 1 is any other word."""
    x = numpy.zeros((len(samples), STEPS), numpy.int32)
    for row, (_, words) in zip(x, samples):
        row[STEPS - len(words):] = [vocabulary.get(word, 1) for word in words]
    return x, numpy.array([kind for kind, _ in samples], numpy.uint8)


def data_frame(path):
    """Columns of the only object of an R workspace (xz, XDR, format version 2), factors as codes."""
    data, at, seen = lzma.open(path).read(), 0, []
    assert data[:7] == b"RDX2\nX\n"
    at = 7 + 12

    def integer():
        nonlocal at
        at += 4
        return struct.unpack_from(">i", data, at - 4)[0]

    def item():
        nonlocal at
        flags = integer()
        kind = flags & 255
        if kind == 254:
            return None
        if kind == 255:
            return seen[(flags >> 8) - 1]
        if kind == 1:  # symbol
            seen.append(item())
            return seen[-1]
        if kind == 9:  # characters
            length = integer()
            at += max(length, 0)
            return data[at - length:at].decode("latin-1") if length >= 0 else None
        if kind == 2:  # pairs
            pairs = {}
            while flags & 255 == 2:
                assert not flags & 512
                tag = item() if flags & 1024 else None
                pairs[tag] = item()
                flags = integer()
            return pairs
        length = integer()
        if kind in (16, 19):  # strings, list
            values = [item() for _ in range(length)]
        else:
            code, size = {10: ("i", 4), 13: ("i", 4), 14: ("d", 8)}[kind]
            values = struct.unpack_from(f">{length}{code}", data, at)
            at += length * size
        if flags & 512:
            item()  # attributes
        return values

    (columns,) = item().values()
    return [numpy.array(column) for column in columns]


def letters(root):
    path = root / "usr/lib/R/site-library/mlbench/data/LetterRecognition.rda"
    columns = data_frame(path)
    order = numpy.random.RandomState(1).permutation(len(columns[0]))
    x = numpy.stack(columns[1:], 1).astype(numpy.uint8)[order]
    y = (columns[0] - 1).astype(numpy.uint8)[order]
    return (x[LETTER_VALIDATION:], y[LETTER_VALIDATION:]), (x[:LETTER_VALIDATION], y[:LETTER_VALIDATION])


def images(directory, name):
    with gzip.open(directory / f"{name}-images-idx3-ubyte.gz") as file:
        x = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(directory / f"{name}-labels-idx1-ubyte.gz") as file:
        return x, numpy.frombuffer(file.read(), numpy.uint8, offset=8)


class GlossLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 24)
        self.lstm = nn.LSTM(24, 64, batch_first=True)
        self.fc = nn.Linear(64, len(KINDS))

    def forward(self, x):
        _, (last, _) = self.lstm(self.embedding(x))
        return torch.softmax(self.fc(last[0]), 1) if not self.training else self.fc(last[0])


class LetterMlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(16, 400), nn.Linear(400, 200), nn.Linear(200, 26)

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + self.shortcut(x))


class FashionResidual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, 2, 1, bias=False)
        self.bn = nn.BatchNorm2d(16)
        self.block1, self.block2 = Block(16, 32, 2), Block(32, 64, 2)
        self.block3 = Block(64, 64, 1)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(torch.relu(self.bn(self.conv(x))))))
        return self.fc(x.mean((2, 3)))


def accuracy(model, x, y):
    with torch.no_grad():
        hits = [(model(a).argmax(1) == b).sum().item() for a, b in zip(x.split(500), y.split(500))]
    return sum(hits) / len(y)


def train(name, model, training, validation, epochs, rate, target, falls=True):
    """Adam; where it falls, the learning rate is a fifth for the last third."""
    (x, y), (vx, vy) = training, validation
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for epoch in range(epochs):
        if falls and epoch == epochs * 2 // 3:
            optimizer.param_groups[0]["lr"] = rate / 5
        model.train()
        for batch in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        model.eval()
        print(name, epoch, f"validation {accuracy(model, vx, vy):.4f}", flush=True)
    print(name, f"training {accuracy(model, x, y):.4f}")
    # PRESERVE keeps batch normalisation apart from the convolutions.
    torch.onnx.export(
        model, vx[:2], target / f"{name}.onnx", input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {0: "n"}, "output": {0: "n"}}, opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE)


def save(target, name, training, validation):
    for part, (x, y) in (("training", training), ("validation", validation)):
        numpy.savez_compressed(target / f"{name}-{part}.npz", x=x, y=y)


def main():
    root, fashion, target = map(pathlib.Path, sys.argv[1:4])
    wanted = sys.argv[4:] or ["glosses", "letters", "fashion"]
    torch.set_num_threads(1)

    def tensors(part, change):
        return change(torch.tensor(part[0])), torch.tensor(part[1]).long()

    if "glosses" in wanted:
        torch.manual_seed(23)
        samples = glosses(root)
        counts = collections.Counter(word for _, words in samples[0] for word in words)
        common = sorted(counts, key=lambda word: (-counts[word], word))[:WORDS - 2]
        vocabulary = {word: i + 2 for i, word in enumerate(common)}
        parts = [tokens(part, vocabulary) for part in samples]
        save(target, "glosses", *parts)
        train("gloss-lstm", GlossLstm(), *[tensors(p, torch.Tensor.long) for p in parts], 6, 2e-3, target)
    if "letters" in wanted:
        torch.manual_seed(24)
        parts = letters(root)
        save(target, "letters", *parts)
        change = lambda x: (x - 7.0) / 2.5
        train("letter-mlp", LetterMlp(), *[tensors(p, change) for p in parts], 30, 2e-3, target)
    if "fashion" in wanted:
        torch.manual_seed(25)
        parts = [images(fashion, name) for name in ("train10k", "t10k")]
        train("fashion-residual", FashionResidual(), *[tensors(p, lambda x: x / 255.0) for p in parts],
              8, 1e-3, target, falls=False)


if __name__ == "__main__":
    main()
