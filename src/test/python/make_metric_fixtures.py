"""Writes src/test/resources/fixtures/metrics: random model outputs, scored by scikit-learn and SciPy.

Run from the root of the repository with Debian's python3-sklearn.
"""
import json
import os

import numpy as np
from scipy import special, stats
from sklearn import metrics

OUT = "src/test/resources/fixtures/metrics"
os.makedirs(OUT, exist_ok=True)
random = np.random.default_rng(20261124)
N = 120


def rows(values):
    return [[float(np.float32(v)) for v in row] for row in np.atleast_2d(values)]


def case(name, task, kind, outputs, targets, **expected):
    outputs = np.asarray(outputs, np.float32)
    return {
        "name": name,
        "task": task,
        "kind": kind,
        "outputs": rows(outputs.reshape(N, -1)),
        "targets": rows(np.asarray(targets, np.float32).reshape(N, -1)),
        "expected": {k.replace("_", "-"): float(v) for k, v in expected.items()},
    }


def classes(name, kind, k):
    y = random.integers(0, k, N)
    logits = random.normal(size=(N, k)).astype(np.float32)
    logits[np.arange(N), y] += 1
    p = special.softmax(logits.astype(np.float64), axis=1)
    expected = dict(
        accuracy=metrics.accuracy_score(y, logits.argmax(1)),
        macro_f1=metrics.f1_score(y, logits.argmax(1), average="macro"),
        auc=metrics.roc_auc_score(y, p, multi_class="ovr", average="macro"),
        loss=metrics.log_loss(y, p),
    )
    if k > 5:
        expected["top_5_accuracy"] = metrics.top_k_accuracy_score(y, p, k=5)
    outputs = {"RAW": logits, "SOFTMAX": p, "LOG_SOFTMAX": np.log(p)}[kind]
    return case(name, "classification", kind, outputs, y, **expected)


def binary(name, kind, columns):
    y = random.integers(0, 2, N)
    # Rounded, so that there are ties.
    logits = np.round(random.normal(size=N) + 1.2 * y - 0.6, 1)
    p = special.expit(logits)
    decided = (logits > 0).astype(int)
    expected = dict(
        accuracy=metrics.accuracy_score(y, decided),
        macro_f1=metrics.f1_score(y, decided, average="macro"),
        auc=metrics.roc_auc_score(y, logits),
        loss=metrics.log_loss(y, p),
    )
    outputs = {
        ("RAW", 1): logits,
        ("SIGMOID", 1): p,
        ("SOFTMAX", 2): np.stack([1 - p, p], 1),
        ("RAW", 2): np.stack([0 * logits, logits], 1),
    }[kind, columns]
    return case(name, "classification", kind, outputs, y, **expected)


def labels(name, kind, k):
    y = (random.random((N, k)) < 0.3).astype(int)
    logits = random.normal(size=(N, k)) + 1.5 * y - 1
    p = special.expit(logits)
    expected = dict(
        accuracy=metrics.accuracy_score(y, logits > 0),
        macro_f1=metrics.f1_score(y, logits > 0, average="macro"),
        auc=metrics.roc_auc_score(y, p, average="macro"),
        loss=np.mean([metrics.log_loss(y[:, i], p[:, i]) for i in range(k)]),
    )
    return case(name, "multilabel", kind, logits if kind == "RAW" else p, y, **expected)


def regression(name, k):
    y = random.normal(size=(N, k)).astype(np.float32) * np.arange(1, k + 1) + 5
    guess = (y + random.normal(size=(N, k)) * 0.5).astype(np.float32)
    y = y.astype(np.float32)
    expected = dict(
        loss=metrics.mean_squared_error(y, guess),
        rmse=np.sqrt(metrics.mean_squared_error(y, guess)),
        mae=metrics.mean_absolute_error(y, guess),
        r2=metrics.r2_score(y, guess, multioutput="variance_weighted"),
    )
    return case(name, "regression", "RAW", guess, y, **expected)


def bounds():
    """Upper bounds of the rise of the mean squared error and of its root, by SciPy's BCa."""
    found = []
    for n in (100, 400):
        y = random.normal(size=n).astype(np.float32)
        before = (y + random.normal(size=n) * 0.5).astype(np.float32)
        after = (before + random.standard_t(4, size=n) * 0.2 + 0.02).astype(np.float32)
        a, b = ((v.astype(np.float64) - y) ** 2 for v in (before, after))
        for metric, drop in (
            ("loss", lambda u, v, axis: v.mean(axis) - u.mean(axis)),
            ("rmse", lambda u, v, axis: np.sqrt(v.mean(axis)) - np.sqrt(u.mean(axis))),
        ):
            interval = stats.bootstrap(
                (a, b), drop, paired=True, vectorized=True, confidence_level=0.9,
                n_resamples=100_000, batch=2_000, method="BCa", random_state=random,
            )
            found.append(
                {
                    "metric": metric,
                    "targets": [float(v) for v in y],
                    "before": [float(v) for v in before],
                    "after": [float(v) for v in after],
                    "upper": float(interval.confidence_interval.high),
                    "error": float(interval.standard_error),
                }
            )
    return found


cases = [
    classes("logits", "RAW", 7),
    classes("probabilities", "SOFTMAX", 4),
    classes("log-probabilities", "LOG_SOFTMAX", 3),
    binary("one-logit", "RAW", 1),
    binary("one-probability", "SIGMOID", 1),
    binary("two-probabilities", "SOFTMAX", 2),
    binary("two-logits", "RAW", 2),
    labels("label-logits", "RAW", 5),
    labels("label-probabilities", "SIGMOID", 3),
    regression("one-value", 1),
    regression("several-values", 4),
]
with open(f"{OUT}/scores.json", "w") as file:
    json.dump(cases, file)
with open(f"{OUT}/bounds.json", "w") as file:
    json.dump(bounds(), file)
