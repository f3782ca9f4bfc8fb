"""Writes src/test/resources/fixtures/keras/layers/*.zip: one small Keras model per layer and option.

Every model is a file as Keras 2 (.h5) or Keras 3 (.keras) lays it out, with random weights. Beside it lie the inputs
and the outputs that keras_reference.py computes from the finished file. Which of the two formats a case takes follows
from its name, unless the case says so. Needs h5py, numpy and torch.
"""

import hashlib
import io
import json
import os
import sys
import tempfile
import zipfile

import h5py
import numpy as np

import keras_reference as reference

TARGET = os.path.join(os.path.dirname(__file__), "..", "resources", "fixtures", "keras", "layers")
SAMPLES = 3
FAMILIES = {}


class Layer:
    """A layer: its class, its settings and, for calls, what it is called on."""

    def __init__(self, kind, **settings):
        self.kind, self.settings = kind, settings
        self.inputs = self.options = None

    def on(self, *inputs, **options):
        self.inputs, self.options = list(inputs), options
        return self


class Function(Layer):
    """A function on operands: names of values, lists of them, or constants."""

    def __init__(self, tensorflow, operation, *operands, **options):
        super().__init__("TFOpLambda")
        self.tensorflow, self.operation, self.operands, self.options = tensorflow, operation, operands, options
        named = [o for value in operands for o in (value if isinstance(value, list) else [value])]
        self.inputs = [o for o in named if isinstance(o, str)]

    def entry(self, label, keras):
        """Its element in the list of layers."""
        if keras == 3:
            called = [self.tensors(o, lambda name: tensor(name, [None])) for o in self.operands]
            return {"module": "keras.src.ops.numpy", "class_name": self.operation, "registered_name": self.operation,
                    "config": {"name": label, **self.options}, "name": label,
                    "inbound_nodes": [{"args": called, "kwargs": {}}]}
        options = {**self.options, "name": None}
        if len(self.operands) > 1:
            second = "bias" if self.tensorflow == "nn.bias_add" else "y"
            options[second] = self.tensors(self.operands[1], lambda name: [name, 0, 0])
        first = self.operands[0]
        if isinstance(first, str):
            node = [first, 0, 0, options]
        elif isinstance(first, list) and isinstance(first[0], str):
            node = [[name, 0, 0, options] for name in first]
        else:
            node = ["_CONSTANT_VALUE", -1, first, options]
        return {"class_name": "TFOpLambda", "name": label, "inbound_nodes": [node],
                "config": {"name": label, "trainable": True, "dtype": "float32", "function": self.tensorflow}}

    @staticmethod
    def tensors(value, make):
        if isinstance(value, str):
            return make(value)
        if isinstance(value, list) and isinstance(value[0], str):
            return [make(v) for v in value]
        return value


def L(kind, **settings):
    return Layer(kind, **settings)


def case(family, name, inputs, layers, keras=None):
    """inputs: shapes without the batch (None for an open size), or dicts with shape, dtype and high or data."""
    inputs = inputs if isinstance(inputs, list) else [inputs]
    inputs = [i if isinstance(i, dict) else {"shape": i} for i in inputs]
    if keras is None:
        keras = 2 if hashlib.sha256(name.encode()).digest()[0] % 2 else 3
    FAMILIES.setdefault(family, []).append((name, inputs, layers, keras))


def both(family, name, inputs, make):
    for keras in (2, 3):
        case(family, f"{name}_k{keras}", inputs, make(keras), keras)


# ---------------------------------------------------------------------------------------------- weights
def window(c, d):
    return tuple(reference.pair(c["kernel_size"], d))


def specs(kind, c, x):
    """Weights of a layer called on arrays x, in Keras' order: (attribute path, name, shape)."""
    shape = x[0].shape
    channels = shape[1] if c.get("data_format") == "channels_first" else shape[-1]
    d = next((int(letter) for letter in kind if letter.isdigit()), 0)
    bias = lambda n: [("", "bias", (n,))] if c["use_bias"] else []
    if kind == "Dense":
        return [("", "kernel", (shape[-1], c["units"]))] + bias(c["units"])
    if kind.startswith("Conv") and kind.endswith("Transpose"):
        return [("", "kernel", window(c, d) + (c["filters"], channels))] + bias(c["filters"])
    if kind.startswith("Conv"):
        return [("", "kernel", window(c, d) + (channels // c.get("groups", 1), c["filters"]))] + bias(c["filters"])
    if kind.startswith("DepthwiseConv"):
        return [("", "depthwise_kernel", window(c, d) + (channels, c["depth_multiplier"]))] + bias(
            channels * c["depth_multiplier"]
        )
    if kind.startswith("SeparableConv"):
        deep = channels * c["depth_multiplier"]
        return [
            ("", "depthwise_kernel", window(c, d) + (channels, c["depth_multiplier"])),
            ("", "pointwise_kernel", (1,) * d + (deep, c["filters"])),
        ] + bias(c["filters"])
    if "BatchNormalization" in kind or kind in ("LayerNormalization", "GroupNormalization"):
        sizes = tuple(shape[a] for a in reference.normalised(c["axis"], len(shape)))
        found = [("", "gamma", sizes)] if c["scale"] else []
        found += [("", "beta", sizes)] if c["center"] else []
        if "BatchNormalization" in kind:
            found += [("", "moving_mean", sizes), ("", "moving_variance", sizes)]
        return found
    if kind == "Normalization":
        if c.get("mean") is not None:
            return []
        axes = [] if c["axis"] is None else sorted(reference.normalised(c["axis"], len(shape)))
        sizes = tuple(shape[a] for a in axes)
        return [("", "mean", sizes), ("", "variance", sizes), ("", "count", ())]
    if kind == "PReLU":
        shared = c["shared_axes"] or []
        return [("", "alpha", tuple(1 if a in shared else shape[a] for a in range(1, len(shape))))]
    if kind == "Embedding":
        return [("", "embeddings", (c["input_dim"], c["output_dim"]))]
    if kind in reference.CELLS:
        u = c["units"]
        gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
        b = (2, gates * u) if kind == "GRU" and c["reset_after"] else (gates * u,)
        found = [("cell", "kernel", (shape[-1], gates * u)), ("cell", "recurrent_kernel", (u, gates * u))]
        return found + ([("cell", "bias", b)] if c["use_bias"] else [])
    if kind == "RNN":
        inner = c["cell"]
        return specs(inner["class_name"].replace("Cell", ""), inner["config"], x)
    if kind == "Bidirectional":
        forward, backward = c["layer"], c["backward_layer"] or c["layer"]
        return [
            (f"{part}/{path}", name, size)
            for part, layer in (("forward_layer", forward), ("backward_layer", backward))
            for path, name, size in specs(layer["class_name"], layer["config"], x)
        ]
    if kind == "TimeDistributed":
        inner = specs(c["layer"]["class_name"], c["layer"]["config"], [x[0][:, 0]])
        return [("layer/" + path if path else "layer", name, size) for path, name, size in inner]
    if kind == "Attention":
        found = [("", "scale", ())] if c["use_scale"] else []
        return found + ([("", "concat_score_weight", ())] if c["score_mode"] == "concat" else [])
    if kind == "AdditiveAttention":
        return [("", "scale", (shape[-1],))] if c["use_scale"] else []
    if kind == "MultiHeadAttention":
        key = x[2] if len(x) > 2 else x[1]
        h, k = c["num_heads"], c["key_dim"]
        v = c["value_dim"] or k
        found = []
        for part, size in (("query", (shape[-1], h, k)), ("key", (key.shape[-1], h, k)), ("value", (x[1].shape[-1], h, v))):
            found.append((part + "_dense", "kernel", size))
            found += [(part + "_dense", "bias", size[1:])] if c["use_bias"] else []
        out = (c["output_shape"] or [shape[-1]])[0]
        found.append(("output_dense", "kernel", (h, v, out)))
        return found + ([("output_dense", "bias", (out,))] if c["use_bias"] else [])
    return []


def fill(name, shape, random):
    if name == "count":
        return np.array(17, np.int64)
    if "variance" in name:
        return random.uniform(0.3, 2, shape).astype(np.float32)
    if name in ("gamma", "scale"):
        return random.uniform(0.5, 1.5, shape).astype(np.float32)
    return random.uniform(-0.6, 0.6, shape).astype(np.float32)


# ---------------------------------------------------------------------------------------------- settings
RECURRENT = dict(
    return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False, activation="tanh",
    use_bias=True, dropout=0.0, recurrent_dropout=0.0,
)
IMAGE = dict(padding="valid", data_format="channels_last", strides=1, dilation_rate=1, activation="linear", use_bias=True)


def defaults(kind, keras):
    """What Keras stores for the settings a model's author leaves alone."""
    base = {"trainable": True, "dtype": "float32" if keras == 2 else policy()}
    if kind == "Dense":
        base.update(activation="linear", use_bias=True, kernel_initializer=initializer(keras), kernel_regularizer=None)
    elif "Conv" in kind:
        base.update(IMAGE, kernel_initializer=initializer(keras), kernel_constraint=None)
        if kind.endswith("Transpose"):
            base.update(output_padding=None)
        elif kind.startswith("Conv"):
            base.update(groups=1)
        else:
            base.update(depth_multiplier=1)
        if kind == "Conv1DTranspose" and keras == 2:
            base.pop("dilation_rate")
    elif kind.startswith(("MaxPooling", "AveragePooling")):
        base.update(pool_size=2, padding="valid", strides=None, data_format="channels_last")
    elif kind.startswith("Global"):
        base.update(data_format="channels_last", keepdims=False)
    elif "BatchNormalization" in kind or kind in ("LayerNormalization", "GroupNormalization"):
        base.update(axis=-1, epsilon=0.001, center=True, scale=True)
        base.update({"momentum": 0.99} if "Batch" in kind else {"groups": 32} if "Group" in kind else {})
    elif kind == "RNN":
        base.update({k: RECURRENT[k] for k in list(RECURRENT)[:5]})
    elif kind.replace("Cell", "") in reference.CELLS:
        cell, kind = kind.endswith("Cell"), kind.replace("Cell", "")
        base.update({k: v for k, v in RECURRENT.items() if not cell or not isinstance(v, bool) or k == "use_bias"})
        if kind != "SimpleRNN":
            base.update(recurrent_activation="sigmoid", implementation=2)
        if kind == "GRU":
            base.update(reset_after=True)
        base.update({"time_major": False} if keras == 2 else {"zero_output_for_mask": False})
    elif kind == "ReLU":
        base.update(max_value=None, negative_slope=0.0, threshold=0.0)
    elif kind == "Embedding":
        base.update(mask_zero=False)
    elif kind == "MultiHeadAttention":
        base.update(value_dim=None, dropout=0.0, use_bias=True, output_shape=None, attention_axes=None)
    elif kind == "Attention":
        base.update(use_scale=False, score_mode="dot", dropout=0.0)
    elif kind == "AdditiveAttention":
        base.update(use_scale=True, dropout=0.0)
    elif kind in ("Flatten",) or kind.startswith(("ZeroPadding", "Cropping", "UpSampling")):
        base.update(data_format="channels_last")
        base.update({"interpolation": "nearest"} if kind == "UpSampling2D" else {})
    elif kind == "Normalization":
        base.update(axis=-1, mean=None, variance=None, invert=False)
    elif kind == "Rescaling":
        base.update(offset=0.0)
    elif kind == "Dot":
        base.update(normalize=False)
    elif kind == "Bidirectional":
        base.update(merge_mode="concat", backward_layer=None)
    elif kind == "PReLU":
        base.update(shared_axes=None)
    elif kind in ("Concatenate", "Softmax", "UnitNormalization"):
        base.update(axis=-1)
    return base


def policy():
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def initializer(keras):
    made = {"class_name": "GlorotUniform", "config": {"seed": None}}
    return made if keras == 2 else {"module": "keras.initializers", **made, "registered_name": None}


def settings(layer, keras, name):
    """The stored configuration; layers inside become objects."""
    made = {"name": name, **defaults(layer.kind, keras)}
    for key, value in layer.settings.items():
        if isinstance(value, Layer):
            inner = {"class_name": value.kind, "config": settings(value, keras, snake(value.kind) + "_inner")}
            value = inner if keras == 2 else {"module": "keras.layers", **inner, "registered_name": None}
        made[key] = value
    if layer.kind == "Bidirectional" and keras == 3 and made["backward_layer"] is None:
        forward = made["layer"]
        turned = {**forward["config"], "name": "backward", "go_backwards": True}
        made["backward_layer"] = {**forward, "config": turned}
    return made


snake = reference.snake


# ---------------------------------------------------------------------------------------------- models
def sample(spec, random):
    shape = [SAMPLES] + [size or open_size for size, open_size in zip(spec["shape"], (7, 6, 5, 5))]
    if "data" in spec:
        return np.array(spec["data"])
    if spec.get("dtype", "float32").startswith("int") or "high" in spec:
        return random.integers(0, spec["high"], shape)
    return random.normal(0, 1, shape).astype(np.float32)


def build(name, inputs, layers, keras):
    """Configuration, weights by layer, and input arrays of a case."""
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))
    arrays, values, entries, weights, names = {}, {}, [], {}, {}
    sequential = all(layer.inputs is None for layer in layers) and len(inputs) == 1
    for i, spec in enumerate(inputs):
        label = f"input_{i + 1}"
        arrays[label] = sample(spec, random)
        values[label] = [(np.asarray(arrays[label], np.float64), None)]
        shape = [None] + list(spec["shape"])
        key = "batch_input_shape" if keras == 2 else "batch_shape"
        config = {key: shape, "dtype": spec.get("dtype", "float32"), "sparse": False, "name": label}
        entries.append(("InputLayer", label, config, [], {}, shape))
    last = "input_1"
    for layer in layers:
        number = names[layer.kind] = names.get(layer.kind, -1) + 1
        label = snake(layer.kind) + (f"_{number}" if number else "")
        if isinstance(layer, Function):
            entry = layer.entry(label, keras)
            values[label] = [reference.call_function(entry, values)]
            entries.append((entry, label, {}, [], {}, None))
            last = label
            continue
        sources = layer.inputs if layer.inputs is not None else [last]
        options = layer.options or {}
        config = settings(layer, keras, label)
        read = [values[name][index] for name, index in map(result, sources)]
        needed = specs(layer.kind, config, [x for x, _ in read])
        weights[label] = [(path, weight, fill(weight, shape, random)) for path, weight, shape in needed]
        extra = {"causal": True} if options.get("use_causal_mask") else {}
        arguments = [np.asarray(w, np.float64) for _, _, w in weights[label]]
        values[label] = reference.results(reference.LAYERS[layer.kind](config, arguments, read, keras, **extra))
        entries.append((layer.kind, label, config, sources, options, [None] + list(read[0][0].shape[1:])))
        last = label
    return sequential, entries, weights, arrays, last


def h5_weights(file, entries, weights):
    group = file.create_group("model_weights")
    group.attrs["layer_names"] = [label.encode() for _, label, *_ in entries]
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.15.0"
    for kind, label, config, *_ in entries:
        kind = kind["class_name"] if isinstance(kind, dict) else kind
        own = group.create_group(label)
        stored = []
        for path, weight, array in weights.get(label, []):
            parts = [p for p in path.split("/") if p]
            scope = [f"{snake(kind)}_cell" if p == "cell" else p.replace("_layer", "") for p in parts if p != "layer"]
            full = "/".join([label] + scope + [weight]) + ":0"
            own.create_dataset(full, data=array)
            stored.append(full.encode())
        own.attrs["weight_names"] = stored if stored else np.zeros(0, "S1")


def result(source):
    """The layer and the number of its result that a name like lstm:1 means."""
    name, _, index = source.partition(":")
    return name, int(index or 0)


def tensor(source, shape):
    label, index = result(source)
    return {"class_name": "__keras_tensor__",
            "config": {"shape": shape, "dtype": "float32", "keras_history": [label, 0, index]}}


LISTS = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot", "Attention",
         "AdditiveAttention")


def k2_config(name, sequential, entries, last):
    layers = []
    for kind, label, config, sources, options, _ in entries:
        if isinstance(kind, dict):
            layers.append(kind)
            continue
        entry = {"class_name": kind, "config": config}
        if not sequential:
            calls = [[name, 0, index, {} if i else options] for i, (name, index) in enumerate(map(result, sources))]
            if kind == "MultiHeadAttention":  # query is the input, the others are keyword arguments
                keywords = dict(zip(("value", "key"), ([s, 0, 0] for s in sources[1:])))
                calls = [[sources[0], 0, 0, {**keywords, **options}]]
            entry.update(name=label, inbound_nodes=[calls] if sources else [])
        layers.append(entry)
    config = {"name": name, "layers": layers}
    if not sequential:
        config["input_layers"] = [[label, 0, 0] for kind, label, *_ in entries if kind == "InputLayer"]
        config["output_layers"] = [[last, 0, 0]]
    return {"class_name": "Sequential" if sequential else "Functional", "config": config}


def k3_config(name, sequential, entries, last):
    layers = []
    for kind, label, config, sources, options, shape in entries:
        if isinstance(kind, dict):
            layers.append(kind)
            continue
        entry = {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}
        if sources:
            entry["build_config"] = {"input_shape": shape}
        if not sequential:
            called = [tensor(s, shape) for s in sources]
            called = [called] if kind in LISTS else called
            if kind in reference.CELLS and len(called) > 1:
                called, options = called[:1], {**options, "initial_state": called[1:]}
            entry.update(name=label, inbound_nodes=[{"args": called, "kwargs": options}] if sources else [])
        layers.append(entry)
    config = {"name": name, "trainable": True, "layers": layers}
    if sequential:
        config["build_input_shape"] = entries[0][5]
    else:
        config["input_layers"] = [[label, 0, 0] for kind, label, *_ in entries if kind == "InputLayer"]
        config["output_layers"] = [[last, 0, 0]]
    return {"module": "keras" if sequential else "keras.src.models.functional",
            "class_name": "Sequential" if sequential else "Functional", "config": config,
            "registered_name": None if sequential else "Functional",
            "build_config": {"input_shape": None}, "compile_config": None}


def write_h5(path, name, sequential, entries, weights, last):
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(k2_config(name, sequential, entries, last))
        h5_weights(file, entries, weights)


def write_keras(path, name, sequential, entries, weights, last):
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        used = {}
        layers = file.create_group("layers")
        for kind, label, *_ in entries:
            key = snake(kind["class_name"] if isinstance(kind, dict) else kind)
            used[key] = used.get(key, -1) + 1
            own = layers.create_group(key if used[key] == 0 else f"{key}_{used[key]}")
            own.create_group("vars")
            for where, weight, array in weights.get(label, []):
                group = own.require_group(where + "/vars" if where else "vars")
                group.create_dataset(str(len(group)), data=array)
        file.create_group("vars")
    with zipfile.ZipFile(path, "w") as archive:
        put(archive, "metadata.json", json.dumps({"keras_version": "3.5.0", "date_saved": "2025-01-01@00:00:00"}))
        put(archive, "config.json", json.dumps(k3_config(name, sequential, entries, last)))
        put(archive, "model.weights.h5", stored.getvalue())


def put(archive, name, content, method=zipfile.ZIP_STORED):
    archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, method, 9)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def write_family(family, cases, directory):
    with zipfile.ZipFile(os.path.join(directory, family + ".zip"), "w") as archive:
        for name, inputs, layers, keras in cases:
            sequential, entries, weights, arrays, last = build(name, inputs, layers, keras)
            suffix = "h5" if keras == 2 else "keras"
            with tempfile.TemporaryDirectory() as temporary:
                path = os.path.join(temporary, "model." + suffix)
                (write_h5 if keras == 2 else write_keras)(path, name, sequential, entries, weights, last)
                output = reference.forward(path, {k: np.asarray(v, np.float64) for k, v in arrays.items()})[0]
                content = open(path, "rb").read()
            assert np.isfinite(output).all() and np.abs(output).max() > 1e-3, name
            put(archive, f"{name}/model.{suffix}", content, zipfile.ZIP_DEFLATED)
            for label, array in arrays.items():
                put(archive, f"{name}/in/{label}.npy", npy(array.astype(np.float32)), zipfile.ZIP_DEFLATED)
            put(archive, f"{name}/out.npy", npy(output.astype(np.float32)), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    import keras_layer_cases  # fills FAMILIES

    keras_layer_cases.declare(case, both, L, Function)
    os.makedirs(TARGET, exist_ok=True)
    chosen = sys.argv[1:] or sorted(FAMILIES)
    for family in chosen:
        write_family(family, FAMILIES[family], TARGET)
        size = os.path.getsize(os.path.join(TARGET, family + ".zip"))
        print(f"{family}: {len(FAMILIES[family])} models, {size} bytes")
