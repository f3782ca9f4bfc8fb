#!/usr/bin/python3
"""Writes src/test/resources/fixtures/keras/files: Keras files in every container and layout that is read.

The layers are few and simple; what differs is how the file keeps them: attributes of fixed and variable length, groups
of weights by name or by path, nested models, chunked, compressed, big-endian, half and double precision datasets, user
blocks, new-style groups. expected.json holds, per file, inputs and the outputs that layers of keras_reference.py give
with weights that this script reads back from the finished file by name, not by order. Needs h5py, numpy and torch.
"""

import io
import json
import os
import zipfile

import h5py
import numpy as np

import keras_reference as reference

TARGET = os.path.join(os.path.dirname(__file__), "..", "resources", "fixtures", "keras", "files")
SAMPLES = 2


# ------------------------------------------------------------------------------------------ configurations
def initializer(keras, name):
    if keras == 2:
        return {"class_name": name, "config": {}}
    return {"module": "keras.initializers", "class_name": name, "config": {}, "registered_name": None}


def settings(kind, name, keras, **given):
    """The settings that Keras writes for a layer."""
    dtype = "float32"
    if keras == 3:
        dtype = {
            "module": "keras",
            "class_name": "DTypePolicy",
            "config": {"name": "float32"},
            "registered_name": None,
        }
    c = {"name": name, "trainable": True, "dtype": dtype}
    if kind == "Dense":
        c.update(activation="linear", use_bias=True)
    if kind == "Conv2D":
        c.update(
            kernel_size=[3, 3],
            strides=[1, 1],
            padding="same",
            data_format="channels_last",
            dilation_rate=[1, 1],
            groups=1,
            activation="linear",
            use_bias=True,
        )
    if kind in ("Dense", "Conv2D"):
        c.update(
            kernel_initializer=initializer(keras, "GlorotUniform"),
            bias_initializer=initializer(keras, "Zeros"),
            kernel_regularizer=None,
            bias_regularizer=None,
            activity_regularizer=None,
            kernel_constraint=None,
            bias_constraint=None,
        )
    if kind == "BatchNormalization":
        c.update(axis=[-1] if keras == 2 else -1, momentum=0.99, epsilon=0.001, center=True, scale=True)
        c.update(beta_initializer=initializer(keras, "Zeros"), gamma_initializer=initializer(keras, "Ones"))
        c.update(moving_mean_initializer=initializer(keras, "Zeros"))
        c.update(moving_variance_initializer=initializer(keras, "Ones"))
    if kind == "MaxPooling2D":
        c.update(pool_size=[2, 2], strides=[2, 2], padding="valid", data_format="channels_last")
    if kind == "Flatten":
        c.update(data_format="channels_last")
    if kind == "Concatenate":
        c.update(axis=-1)
    c.update(given)
    return c


class Node:
    """A layer of a model: its class, settings, what it is called on, and the model it holds, if it is one."""

    def __init__(self, kind, name, keras, on=(), model=None, **given):
        self.kind, self.name, self.keras, self.on, self.model = kind, name, keras, list(on), model
        if kind == "InputLayer":
            shape = given.pop("shape")
            key = "batch_input_shape" if keras == 2 else "batch_shape"
            self.config = {key: [None] + list(shape), "dtype": "float32", "sparse": False, "name": name}
            if keras == 2:
                self.config["ragged"] = False
        elif model is not None:
            self.config = model["config"]
        else:
            self.config = settings(kind, name, keras, **given)
        self.weights = []

    def entry(self, functional, shapes):
        found = {"class_name": self.kind, "config": self.config}
        if self.keras == 3:
            where = "keras.layers" if self.model is None else "keras.models" if self.kind == "Sequential" else "keras.src.models.functional"
            found = {"module": where, **found, "registered_name": None if where.startswith("keras.l") else self.kind}
            if self.kind != "InputLayer":
                found["build_config"] = {"input_shape": [None] + list(shapes.get(self.name, [1]))}
        if functional:
            found["name"] = self.name
            found["inbound_nodes"] = [] if self.kind == "InputLayer" else [self.call()]
        return found

    def call(self):
        # Keras 2 refers to a nested model's first call from outside as node 1.
        if self.keras == 2:
            return [[source, int(source.startswith("nested")), 0, {}] for source in self.on]
        tensors = [
            {
                "class_name": "__keras_tensor__",
                "config": {"shape": [None, 1], "dtype": "float32", "keras_history": [source, 0, 0]},
            }
            for source in self.on
        ]
        args = tensors if len(tensors) == 1 else [tensors]
        return {"args": args, "kwargs": {"training": False} if self.kind == "BatchNormalization" else {}}


def sequential(name, nodes, keras, shapes=None):
    entries = [n.entry(False, shapes or {}) for n in nodes]
    model = {"class_name": "Sequential", "config": {"name": name, "layers": entries}, "nodes": nodes}
    if keras == 3:
        model = {"module": "keras", **model, "registered_name": None}
        model["config"].update(trainable=True, dtype=settings("", "", 3)["dtype"])
    return model


def functional(name, nodes, keras, inputs, outputs, shapes=None):
    entries = [n.entry(True, shapes or {}) for n in nodes]
    ends = lambda names: [[n, 0, 0] for n in names]
    flat = lambda found: found[0] if keras == 3 and len(found) == 1 else found
    config = {"name": name, "trainable": True, "layers": entries}
    config.update(input_layers=flat(ends(inputs)), output_layers=flat(ends(outputs)))
    model = {"class_name": "Functional", "config": config, "nodes": nodes, "outputs": outputs}
    if keras == 3:
        model = {"module": "keras.src.models.functional", **model, "registered_name": "Functional"}
    return model


def plain(model):
    return {k: v for k, v in model.items() if k not in ("nodes", "outputs")}


def settle(model, feeds, keras):
    """States the shapes that flow between the layers wherever Keras states them."""
    flows = {}
    weights = {}

    def gather(m):
        for node in m["nodes"]:
            weights[node.name] = [np.asarray(v, np.float64) for _, v in node.weights]
            if node.model is not None:
                gather(node.model)

    gather(model)
    forward(model, feeds, weights, keras, flows)
    shape = lambda a: [None] + list(a.shape[1:])

    def state(m):
        for node, entry in zip(m["nodes"], m["config"]["layers"]):
            if "build_config" in entry:
                shapes = [shape(a) for a in flows[node.name][0]]
                entry["build_config"]["input_shape"] = shapes[0] if len(shapes) == 1 else shapes
            for call in entry.get("inbound_nodes", []):
                if isinstance(call, dict):
                    tensors = call["args"][0] if isinstance(call["args"][0], list) else call["args"]
                    for tensor, source in zip(tensors, flows[node.name][0]):
                        tensor["config"]["shape"] = shape(source)
            if node.model is not None:
                state(node.model)

    state(model)
    return model, feeds


# ------------------------------------------------------------------------------------------ weights
def fill(model, shape_of, rng):
    """Gives every layer random weights: pairs of name and array, in Keras' order."""
    for node in model["nodes"]:
        if node.model is not None:
            fill(node.model, shape_of, rng)
            continue
        shapes = shape_of.get(node.name, [])
        node.weights = []
        for name, shape in shapes:
            values = rng.normal(0, 0.4, shape)
            if name == "moving_variance":
                values = rng.uniform(0.5, 2, shape)
            node.weights.append((name, values.astype(np.float32)))


def dense(units_in, units):
    return [("kernel", (units_in, units)), ("bias", (units,))]


def batch_norm(n):
    return [(w, (n,)) for w in ("gamma", "beta", "moving_mean", "moving_variance")]


def layer_weights(node, trainable=True, prefix=""):
    """(full name, array, trained) of a layer or of all layers of a nested model, in Keras' order."""
    trainable = trainable and node.config.get("trainable", True)
    if node.model is None:
        return [
            (prefix + node.name + "/" + name, value, trainable and not name.startswith("moving"))
            for name, value in node.weights
        ]
    all_weights = []
    for inner in node.model["nodes"]:
        all_weights += layer_weights(inner, trainable, prefix)
    return [w for w in all_weights if w[2]] + [w for w in all_weights if not w[2]]


# ------------------------------------------------------------------------------------------ files
def text_array(names, fixed):
    if not names:
        return np.asarray(names)
    return [n.encode() for n in names] if fixed else names


def write_h5(target, model, version, fixed=True, suffix=":0", prefix="", optimizer=False, split=0, dataset=None, **file):
    """A whole model as Keras' save_model_to_hdf5 lays it out."""
    dataset = dataset or (lambda group, name, value: group.create_dataset(name, data=value))
    with h5py.File(target, "w", **file) as f:
        f.attrs["model_config"] = json.dumps(plain(model)).encode() if fixed else json.dumps(plain(model))
        f.attrs["keras_version"] = version.encode() if fixed else version
        f.attrs["backend"] = b"tensorflow" if fixed else "tensorflow"
        if optimizer:
            f.attrs["training_config"] = json.dumps(
                {"loss": "categorical_crossentropy", "metrics": ["accuracy"], "weighted_metrics": None,
                 "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.001}}}
            ).encode()
        weights = f.create_group("model_weights")
        names = [n.name for n in model["nodes"]]
        weights.attrs["layer_names"] = text_array(names, fixed)
        weights.attrs["backend"] = b"tensorflow"
        weights.attrs["keras_version"] = version.encode()
        every = []
        for node in sorted(model["nodes"], key=lambda n: n.name):
            group = weights.create_group(node.name)
            found = [(prefix + n + suffix, v) for n, v, _ in layer_weights(node)]
            listed = [n for n, _ in found]
            if split and len(listed) > split:
                for part, chunk in enumerate(np.array_split(np.asarray(text_array(listed, True)), 2)):
                    group.attrs["weight_names%d" % part] = chunk
            else:
                group.attrs["weight_names"] = text_array(listed, fixed)
            for name, value in found:
                dataset(group, name, value)
            every += [(n, v) for n, v in found if "moving" not in n]
        weights.create_group("top_level_model_weights").attrs["weight_names"] = np.asarray([])
        if optimizer:
            group = f.create_group("optimizer_weights")
            slots = [("Adam/iter:0", np.int64(12))]
            slots += [(f"Adam/{n[:-2]}/{s}:0", v * 0.1) for s in "mv" for n, v in every]
            group.attrs["weight_names"] = text_array([n for n, _ in slots], True)
            for name, value in slots:
                group.create_dataset(name, data=value)


def store(group, model, container):
    """The weights of a model as the saving library of Keras 2.12 to 3 arranges them."""
    used = {}
    for node in model["nodes"]:
        key = reference.snake(node.kind)
        used[key] = used.get(key, -1) + 1
        name = key if used[key] == 0 else f"{key}_{used[key]}"
        if container != "layers" and (node.weights or node.model):
            used[key] += 1  # weighted layers were listed twice there
        if container != "layers" and not (node.weights or node.model):
            continue
        own = group.create_group(f"{container}/{name}")
        if node.model is not None:
            own.create_group("vars")
            store(own, node.model, container)
            continue
        variables = own.create_group("vars")
        for i, (_, value) in enumerate(node.weights):
            variables.create_dataset(str(i), data=value)


def write_keras(target, model, version="3.5.0", container="layers", method=zipfile.ZIP_STORED, compiled=True, **file):
    config = plain(model)
    if compiled:
        config["compile_config"] = {"optimizer": "rmsprop", "loss": "mse", "metrics": None, "jit_compile": False}
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **file) as f:
        store(f, model, container)
        f.create_group("vars")
        if compiled:
            f.create_group("optimizer/vars").create_dataset("0", data=np.int64(3))
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in (
            ("metadata.json", json.dumps({"keras_version": version, "date_saved": "2024-05-01@10:00:00"})),
            ("config.json", json.dumps(config)),
            ("model.weights.h5", buffer.getvalue()),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 1, 10, 0, 0)), data, method)


# ------------------------------------------------------------------------------------------ reading back
def forward(model, feeds, weights, keras, flows=None):
    """Outputs of a model whose layers' weights are found by the layers' names; flows collects what each is called on."""
    values, last = dict(feeds), None
    for node in model["nodes"]:
        if node.kind == "InputLayer":
            last = values[node.name]
            continue
        sources = [values[s] for s in node.on] if node.on else [last if last is not None else next(iter(feeds.values()))]
        if node.model is not None:
            inner = [n.name for n in node.model["nodes"] if n.kind == "InputLayer"]
            last = forward(node.model, dict(zip(inner or ["first"], sources)), weights, keras, flows)[0]
        else:
            pairs = [(s, None) for s in sources]
            last = reference.LAYERS[node.kind](node.config, weights.get(node.name, []), pairs, keras)[0]
        values[node.name] = last
        if flows is not None:
            flows[node.name] = (sources, last)
    return [values[n] for n in model["outputs"]] if "outputs" in model else [last]


ORDER = ["kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"]


def read_h5(path):
    """Weights by layer name, each layer's sorted by what their names say."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            parts = name.split("/")
            found.setdefault(parts[-2], {})[parts[-1].split(":")[0]] = np.asarray(item, np.float64)

    with h5py.File(path, "r") as f:
        f["model_weights"].visititems(visit)
    return {layer: [w[n] for n in ORDER if n in w] for layer, w in found.items()}


def read_keras(path, model, container):
    """Weights by layer name: the k-th weighted layer of a class is the k-th group of that class that holds data."""
    weights = {}

    def walk(group, model):
        by_class = {}
        for node in model["nodes"]:
            by_class.setdefault(node.kind, []).append(node)
        for kind, nodes in by_class.items():
            key = reference.snake(kind)
            groups = [g for g in group[container] if g == key or g[: len(key) + 1] == key + "_" and g[len(key) + 1 :].isdigit()]
            groups.sort(key=lambda g: int(g[len(key) + 1 :] or 0))
            for node, name in zip(nodes, groups):
                if node.model is not None:
                    walk(group[container][name], node.model)
                else:
                    held = group[container][name]["vars"]
                    weights[node.name] = [np.asarray(held[str(i)], np.float64) for i in range(len(held))]

    with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as f:
        walk(f, model)
    return weights


EXPECTED = {}


def expect(name, model, feeds, keras, container="layers"):
    path = os.path.join(TARGET, name)
    weights = read_h5(path) if name.endswith(".h5") else read_keras(path, model, container)
    outputs = forward(model, feeds, weights, keras)
    number = lambda a: {"shape": list(a.shape), "values": [round(float(v), 7) for v in a.ravel()]}
    EXPECTED[name] = {
        "inputs": {k: number(v) for k, v in feeds.items()},
        "outputs": [number(o) for o in outputs],
    }


# ------------------------------------------------------------------------------------------ the files
def image_model(keras, rng):
    nodes = [
        Node("InputLayer", "input_1", keras, shape=(6, 6, 2)),
        Node("Conv2D", "conv2d", keras, ["input_1"], filters=4, activation="relu"),
        Node("BatchNormalization", "batch_normalization", keras, ["conv2d"], axis=[3] if keras == 2 else 3),
        Node("MaxPooling2D", "max_pooling2d", keras, ["batch_normalization"]),
        Node("Conv2D", "conv2d_1", keras, ["max_pooling2d"], filters=3, kernel_size=[2, 2], padding="valid"),
        Node("Flatten", "flatten", keras, ["conv2d_1"]),
        Node("Dense", "dense", keras, ["flatten"], units=5, activation="softmax"),
    ]
    model = functional("model", nodes, keras, ["input_1"], ["dense"])
    fill(
        model,
        {
            "conv2d": [("kernel", (3, 3, 2, 4)), ("bias", (4,))],
            "batch_normalization": batch_norm(4),
            "conv2d_1": [("kernel", (2, 2, 4, 3)), ("bias", (3,))],
            "dense": dense(12, 5),
        },
        rng,
    )
    return model, {"input_1": rng.normal(size=(SAMPLES, 6, 6, 2))}


def two_layers(keras, rng, first="dense", second="dense_1", units=4, width=6):
    shape = {"batch_input_shape": [None, width]} if keras == 2 else {}
    nodes = [
        Node("Dense", first, keras, units=units, activation="tanh", **shape),
        Node("Dense", second, keras, units=3, activation="softmax"),
    ]
    model = sequential("sequential", nodes, keras, {first: [width], second: [units]})
    fill(model, {first: dense(width, units), second: dense(units, 3)}, rng)
    return model, {first + "_input": rng.normal(size=(SAMPLES, width))}


def nested_model(keras, rng):
    """A model in a model in a model, one frozen, with layers of the same classes at every depth."""
    deepest = sequential(
        "nested_deep",
        [
            Node("InputLayer", "deep_in", keras, shape=(5,)),
            Node("Dense", "deep_dense", keras, units=5, activation="relu"),
            Node("BatchNormalization", "deep_norm", keras),
        ],
        keras,
    )
    inner = functional(
        "nested",
        [
            Node("InputLayer", "inner_in", keras, shape=(6,)),
            Node("Dense", "inner_dense", keras, ["inner_in"], units=5),
            Node("BatchNormalization", "inner_norm", keras, ["inner_dense"]),
            Node("Sequential", "nested_deep", keras, ["inner_norm"], model=deepest),
            Node("Dense", "inner_dense_1", keras, ["nested_deep"], units=4, trainable=False),
        ],
        keras,
        ["inner_in"],
        ["inner_dense_1"],
    )
    nodes = [
        Node("InputLayer", "outer_in", keras, shape=(6,)),
        Node("Functional", "nested", keras, ["outer_in"], model=inner),
        Node("Dense", "head", keras, ["nested"], units=3, activation="sigmoid"),
    ]
    outer = functional("outer", nodes, keras, ["outer_in"], ["head"])
    shapes = {
        "inner_dense": dense(6, 5), "inner_norm": batch_norm(5), "deep_dense": dense(5, 5),
        "deep_norm": batch_norm(5), "inner_dense_1": dense(5, 4), "head": dense(4, 3),
    }
    fill(outer, shapes, rng)
    return outer, {"outer_in": rng.normal(size=(SAMPLES, 6))}


def several_ends(keras, rng):
    nodes = [
        Node("InputLayer", "left", keras, shape=(4,)),
        Node("InputLayer", "right", keras, shape=(3,)),
        Node("Dense", "dense", keras, ["right"], units=4),
        Node("Add", "add", keras, ["left", "dense"]),
        Node("Concatenate", "concatenate", keras, ["add", "right"]),
        Node("Dense", "first", keras, ["concatenate"], units=2, activation="softmax"),
        Node("Dense", "second", keras, ["add"], units=1, activation="sigmoid"),
    ]
    model = functional("ends", nodes, keras, ["left", "right"], ["first", "second"])
    fill(model, {"dense": dense(3, 4), "first": dense(7, 2), "second": dense(4, 1)}, rng)
    return model, {"left": rng.normal(size=(SAMPLES, 4)), "right": rng.normal(size=(SAMPLES, 3))}


def many_layers(keras, rng):
    nodes = [Node("InputLayer", "input_1", keras, shape=(3,))]
    for i in range(40):
        nodes.append(Node("Dense", f"dense_{i}", keras, units=3, activation="tanh"))
    model = sequential("many", nodes, keras)
    fill(model, {n.name: dense(3, 3) for n in nodes[1:]}, rng)
    return model, {"input_1": rng.normal(size=(SAMPLES, 3))}


def perceptron(keras, rng):
    """The shape of the network that the engine's tests train."""
    widths = [32, 96, 48, 4]
    nodes = [Node("InputLayer", "features", keras, shape=(32,))]
    for i, units in enumerate(widths[1:]):
        function = "softmax" if i == 2 else "relu"
        nodes.append(Node("Dense", f"fc{i + 1}", keras, units=units, activation=function))
    model = sequential("perceptron", nodes, keras)
    fill(model, {f"fc{i + 1}": dense(*widths[i : i + 2]) for i in range(3)}, rng)
    return model, {"features": rng.normal(size=(SAMPLES, 32))}


def odd_dataset(group, name, value):
    """Compressed, chunked, checksummed, big-endian, half and double precision."""
    leaf = name.split("/")[-2] + "/" + name.split("/")[-1].split(":")[0]
    if leaf == "conv2d/kernel":
        group.create_dataset(name, data=value, chunks=(2, 2, 2, 3), compression="gzip", shuffle=True, fletcher32=True)
    elif leaf == "conv2d_1/kernel":
        group.create_dataset(name, data=value.astype(">f4"))
    elif leaf == "dense/kernel":
        group.create_dataset(name, data=value.astype(np.float64), chunks=(5, 2), maxshape=(None, None))
    elif leaf == "dense/bias":
        group.create_dataset(name, data=value.astype(np.float16))
    elif leaf == "conv2d/bias":
        group.create_dataset(name, data=value, compression="gzip", compression_opts=9)
    else:
        group.create_dataset(name, data=value)


def main():
    os.makedirs(TARGET, exist_ok=True)
    for old in (n for n in os.listdir(TARGET) if n != "README.md"):
        os.remove(os.path.join(TARGET, old))
    at = lambda name: os.path.join(TARGET, name)
    rng = np.random.default_rng(7)

    def h5(name, made, version, **options):
        model, feeds = settle(*made, int(version[0]))
        write_h5(at(name), model, version, **options)
        expect(name, model, feeds, int(version[0]))

    def keras(name, made, container="layers", version="3.5.0", **options):
        model, feeds = settle(*made, int(version[0]))
        write_keras(at(name), model, version, container, **options)
        expect(name, model, feeds, int(version[0]), container)

    h5("k24_functional.h5", image_model(2, rng), "2.4.0", optimizer=True)
    h5("k224_sequential.h5", two_layers(2, rng, "dense_1", "dense_2"), "2.2.4-tf")
    h5("k214_variable_text.h5", image_model(2, rng), "2.14.0", fixed=False)
    h5("k213_nested.h5", nested_model(2, rng), "2.13.1", split=6)
    h5("k3_legacy.h5", two_layers(3, rng), "3.5.0", suffix="", prefix="sequential/")
    h5("k29_odd_datasets.h5", image_model(2, rng), "2.9.0", dataset=odd_dataset)
    h5("k29_user_block.h5", two_layers(2, rng), "2.9.0", userblock_size=1024)
    h5("k29_latest.h5", many_layers(2, rng), "2.9.0", libver="latest", track_order=True)
    h5("k29_many.h5", many_layers(2, rng), "2.9.0")
    keras("k3_functional.keras", image_model(3, rng))
    keras("k3_sequential.keras", two_layers(3, rng))
    keras("k3_nested.keras", nested_model(3, rng))
    keras("k3_ends.keras", several_ends(3, rng))
    keras("k3_many_ordered.keras", many_layers(3, rng), track_order=True)
    keras("k3_deflated.keras", image_model(3, rng), method=zipfile.ZIP_DEFLATED, compiled=False)
    keras("k212_dependencies.keras", nested_model(2, rng), "_layer_checkpoint_dependencies", "2.12.0")
    h5("k29_perceptron.h5", perceptron(2, rng), "2.9.0")
    keras("k3_perceptron.keras", perceptron(3, rng))
    with open(at("expected.json"), "w") as f:
        json.dump(EXPECTED, f)


if __name__ == "__main__":
    main()
