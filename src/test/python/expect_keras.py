#!/usr/bin/python3
"""Prints, as JSON, random inputs for a Keras file and the outputs that keras_reference.py computes from it alone.

    expect_keras.py MODEL [SCALE]
"""

import json
import sys

import numpy as np

import keras_reference as reference


def main(path, scale):
    config = reference.load(path)[0]
    rng = np.random.default_rng(1)
    feeds = {}
    for entry in config["config"]["layers"]:
        shape = entry["config"].get("batch_input_shape") or entry["config"].get("batch_shape")
        if shape:
            name = entry["config"]["name"] + ("" if entry["class_name"] == "InputLayer" else "_input")
            feeds[name] = rng.normal(0, scale, [4] + [size or 7 for size in shape[1:]]).astype(np.float32)
    number = lambda a: {"shape": list(a.shape), "values": [float(v) for v in a.ravel()]}
    outputs = reference.forward(path, {k: np.asarray(v, np.float64) for k, v in feeds.items()})
    print(json.dumps({"inputs": {k: number(v) for k, v in feeds.items()}, "outputs": [number(o) for o in outputs]}))


main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)
