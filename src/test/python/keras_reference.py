"""An independent forward pass of Keras models, from the file alone.

Reads the configuration and the weights of a Keras 2 or 3 ``.h5`` file, or of a Keras 3 ``.keras`` archive, with
h5py, zipfile and json, and computes what the layers are documented to compute: plain NumPy in double precision,
PyTorch for convolutions. It shares nothing with the Java code and is what that code is judged against.

    python3 keras_reference.py MODEL INPUTS.npz OUTPUT.npy

Values are pairs (array, mask); the mask is a boolean array [n, t] or None, as Keras passes it between layers.
"""

import io
import json
import math
import sys
import zipfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F


# ---------------------------------------------------------------------------------------------- activations
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    s = x - x.max(axis=axis, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=axis, keepdims=True))


def softplus(x):
    return np.logaddexp(0, x)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def relu(x, max_value=None, negative_slope=0.0, threshold=0.0):
    y = np.where(x >= threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else np.where(x >= threshold, np.minimum(y, max_value), y)


ERF = np.vectorize(math.erf)
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def gelu(x, approximate=False):
    if approximate:
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + ERF(x / math.sqrt(2)))


def hard_shrink(x, t=0.5):
    return np.where(np.abs(x) > t, x, 0)


def squareplus(x, b=4):
    return (x + np.sqrt(x**2 + b)) / 2


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": relu,
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": elu,
    "selu": lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
    "celu": elu,
    "gelu": gelu,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softplus": softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "silu": lambda x: x * sigmoid(x),
    "swish": lambda x: x * sigmoid(x),
    "exponential": np.exp,
    "mish": lambda x: x * np.tanh(softplus(x)),
    "hard_silu": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hard_swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "log_sigmoid": lambda x: -softplus(-x),
    "tanh_shrink": lambda x: x - np.tanh(x),
    "hard_shrink": hard_shrink,
    "soft_shrink": lambda x: np.where(x > 0.5, x - 0.5, np.where(x < -0.5, x + 0.5, 0)),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "squareplus": squareplus,
    "sparse_plus": lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    "threshold": lambda x: np.where(x > 0, x, 0),
}


def activation(config, keras):
    """The function that a configuration's ``activation`` means."""
    if config is None:
        return ACTIVATIONS["linear"]
    if isinstance(config, dict):
        name = config["class_name"]
        if name == "function":
            return activation(config["config"], keras)
        inner = config["config"]
        return lambda x: LAYERS[name](inner, [], [(x, None)], keras)[0]
    if config == "hard_sigmoid":  # the definition changed with Keras 3
        return (lambda x: np.clip(0.2 * x + 0.5, 0, 1)) if keras == 2 else (lambda x: np.clip(x + 3, 0, 6) / 6)
    return ACTIVATIONS[config]


# ---------------------------------------------------------------------------------------------- convolutions
def pair(value, rank):
    return [value] * rank if isinstance(value, int) else list(value)


def same_padding(size, kernel, stride, dilation=1):
    """TensorFlow's rule: as many outputs as strides begin inside the input, the odd element padded at the end."""
    total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def to_first(x, c):
    return x if c.get("data_format") == "channels_first" else np.moveaxis(x, -1, 1)


def from_first(x, c):
    return x if c.get("data_format") == "channels_first" else np.moveaxis(x, 1, -1)


def pads(x, kernel, c, rank):
    """Pairs of paddings per spatial axis of channels-first x."""
    strides, dilation = pair(c.get("strides", 1), rank), pair(c.get("dilation_rate", 1), rank)
    if c["padding"] == "same":
        return [same_padding(x.shape[2 + i], kernel[i], strides[i], dilation[i]) for i in range(rank)]
    if c["padding"] == "causal":
        return [((kernel[0] - 1) * dilation[0], 0)]
    return [(0, 0)] * rank


def padded(x, widths, value=0.0):
    return np.pad(x, [(0, 0), (0, 0)] + widths, constant_values=value)


def correlate(x, kernel, c, rank, groups):
    """Cross-correlation; x channels first, kernel [spatial..., in/groups, out]."""
    k = np.moveaxis(np.moveaxis(kernel, -1, 0), -1, 1)
    x = padded(x, pads(x, k.shape[2:], c, rank))
    f = [F.conv1d, F.conv2d, F.conv3d][rank - 1]
    y = f(
        torch.from_numpy(np.ascontiguousarray(x)),
        torch.from_numpy(np.ascontiguousarray(k)),
        stride=pair(c.get("strides", 1), rank),
        dilation=pair(c.get("dilation_rate", 1), rank),
        groups=groups,
    )
    return y.numpy()


def add_bias(y, bias):
    return y + bias.reshape([1, -1] + [1] * (y.ndim - 2))


def conv(rank):
    def run(c, w, inputs, keras):
        y = correlate(to_first(inputs[0][0], c), w[0], c, rank, c.get("groups", 1))
        if c["use_bias"]:
            y = add_bias(y, w[1])
        return activation(c["activation"], keras)(from_first(y, c)), None

    return run


def depthwise(x, kernel, c, rank):
    """Every input channel correlated with its own filters; kernel [spatial..., in, multiplier]."""
    channels, multiplier = kernel.shape[-2:]
    grouped = kernel.reshape(kernel.shape[:-2] + (1, channels * multiplier))
    return correlate(x, grouped, c, rank, channels)


def depthwise_conv(rank):
    def run(c, w, inputs, keras):
        y = depthwise(to_first(inputs[0][0], c), w[0], c, rank)
        if c["use_bias"]:
            y = add_bias(y, w[1])
        return activation(c["activation"], keras)(from_first(y, c)), None

    return run


def separable_conv(rank):
    def run(c, w, inputs, keras):
        y = depthwise(to_first(inputs[0][0], c), w[0], c, rank)
        y = correlate(y, w[1], {"padding": "valid"}, rank, 1)
        if c["use_bias"]:
            y = add_bias(y, w[2])
        return activation(c["activation"], keras)(from_first(y, c)), None

    return run


def transposed_conv(rank):
    """The gradient of a convolution: every input adds a scaled kernel [spatial..., out, in] to the output."""

    def run(c, w, inputs, keras):
        x = to_first(inputs[0][0], c)
        strides, dilation = pair(c["strides"], rank), pair(c.get("dilation_rate", 1), rank)
        extent = [(k - 1) * d + 1 for k, d in zip(w[0].shape, dilation)]
        wanted, crops = [], []
        for i in range(rank):
            size, k, s = x.shape[2 + i], extent[i], strides[i]
            extra = c.get("output_padding")
            extra = extra if extra is None else pair(extra, rank)[i]
            if c["padding"] == "valid":
                length = (size - 1) * s + (max(k, s) if extra is None else k + extra)
                crop = 0
            else:
                length = size * s if extra is None else (size - 1) * s + k % 2 + extra
                crop = max((size - 1) * s + k - length, 0) // 2
            wanted.append(length)
            crops.append(crop)
        full = [(x.shape[2 + i] - 1) * strides[i] + extent[i] for i in range(rank)]
        room = [max(full[i], crops[i] + wanted[i]) for i in range(rank)]
        y = np.zeros((x.shape[0], w[0].shape[-2], *room))
        for position in np.ndindex(*x.shape[2:]):
            for tap in np.ndindex(*w[0].shape[:rank]):
                at = tuple(p * s + t * d for p, s, t, d in zip(position, strides, tap, dilation))
                y[(slice(None), slice(None)) + at] += x[(slice(None), slice(None)) + position] @ w[0][tap].T
        y = y[(slice(None), slice(None)) + tuple(slice(a, a + n) for a, n in zip(crops, wanted))]
        if c["use_bias"]:
            y = add_bias(y, w[1])
        return activation(c["activation"], keras)(from_first(y, c)), None

    return run


def pooling(rank, reduce, fill):
    def run(c, w, inputs, keras):
        x = to_first(inputs[0][0], c)
        size = pair(c["pool_size"], rank)
        strides = size if c.get("strides") is None else pair(c["strides"], rank)
        widths = pads(x, size, {**c, "strides": strides}, rank)
        x = padded(x, widths, np.nan)
        shape = [(x.shape[2 + i] - size[i]) // strides[i] + 1 for i in range(rank)]
        y = np.zeros(x.shape[:2] + tuple(shape))
        for at in np.ndindex(*shape):
            window = tuple(slice(a * s, a * s + k) for a, s, k in zip(at, strides, size))
            part = x[(slice(None), slice(None)) + window].reshape(x.shape[0], x.shape[1], -1)
            y[(slice(None), slice(None)) + at] = reduce(part, axis=-1)  # paddings are NaN, so left out
        return from_first(y, c), None

    return run


def global_pooling(reduce):
    def run(c, w, inputs, keras):
        x, mask = inputs[0]
        axes = tuple(range(2, x.ndim)) if c.get("data_format") == "channels_first" else tuple(range(1, x.ndim - 1))
        keep = c.get("keepdims", False)
        if mask is not None and reduce is np.mean:
            m = mask[:, :, None].astype(float) if axes == (1,) else mask[:, None, :].astype(float)
            return (x * m).sum(axis=axes, keepdims=keep) / m.sum(axis=axes, keepdims=keep), None
        return reduce(x, axis=axes, keepdims=keep), None

    return run


# ---------------------------------------------------------------------------------------------- core
def dense(c, w, inputs, keras):
    y = inputs[0][0] @ w[0]
    if c["use_bias"]:
        y = y + w[1]
    return activation(c["activation"], keras)(y), inputs[0][1]


def einsum_dense(c, w, inputs, keras):
    y = np.einsum(c["equation"].replace("...", "..."), inputs[0][0], w[0])
    if c.get("bias_axes"):
        y = y + w[1]
    return activation(c["activation"], keras)(y), None


def identity(c, w, inputs, keras):
    return inputs[0]


def elementwise(f):
    return lambda c, w, inputs, keras: (f(c, inputs[0][0], keras), inputs[0][1])


def flatten(c, w, inputs, keras):
    x = inputs[0][0]
    if c.get("data_format") == "channels_first" and x.ndim > 2:
        x = np.moveaxis(x, 1, -1)
    return x.reshape(x.shape[0], -1), None


def reshape(c, w, inputs, keras):
    x = inputs[0][0]
    return x.reshape([x.shape[0]] + list(c["target_shape"])), None


def spatial_pairs(value, rank):
    if isinstance(value, int):
        return [(value, value)] * rank
    if rank == 1:
        return [tuple(value)]
    return [(v, v) if isinstance(v, int) else tuple(v) for v in value]


def zero_padding(rank):
    def run(c, w, inputs, keras):
        y = padded(to_first(inputs[0][0], c), spatial_pairs(c["padding"], rank))
        return from_first(y, c), None

    return run


def cropping(rank):
    def run(c, w, inputs, keras):
        x = to_first(inputs[0][0], c)
        cut = spatial_pairs(c["cropping"], rank)
        where = tuple(slice(a, x.shape[2 + i] - b) for i, (a, b) in enumerate(cut))
        return from_first(x[(slice(None), slice(None)) + where], c), None

    return run


def up_sampling(rank):
    def run(c, w, inputs, keras):
        x = to_first(inputs[0][0], c)
        size = pair(c["size"], rank)
        if c.get("interpolation", "nearest") == "nearest":
            for i in range(rank):
                x = np.repeat(x, size[i], axis=2 + i)
        else:
            for i in range(rank):  # bilinear with half-pixel centres, edges held
                n = x.shape[2 + i]
                at = (np.arange(n * size[i]) + 0.5) / size[i] - 0.5
                low = np.floor(at).astype(int)
                share = (at - low).reshape([-1 if a == 2 + i else 1 for a in range(x.ndim)])
                a = np.take(x, np.clip(low, 0, n - 1), axis=2 + i)
                b = np.take(x, np.clip(low + 1, 0, n - 1), axis=2 + i)
                x = a * (1 - share) + b * share
        return from_first(x, c), None

    return run


def resizing(c, w, inputs, keras):
    """Bilinear with half-pixel centres and held edges, without smoothing."""
    x = inputs[0][0]
    for axis, size in ((1, c["height"]), (2, c["width"])):
        n = x.shape[axis]
        at = (np.arange(size) + 0.5) * n / size - 0.5
        low = np.floor(at).astype(int)
        share = (at - low).reshape([-1 if a == axis else 1 for a in range(4)])
        a, b = (np.take(x, np.clip(low + i, 0, n - 1), axis=axis) for i in (0, 1))
        x = a * (1 - share) + b * share
    return x, None


def normalised(axis, rank):
    return [a % rank for a in (axis if isinstance(axis, list) else [axis])]


def batch_normalization(c, w, inputs, keras):
    x, mask = inputs[0]
    (axis,) = normalised(c["axis"], x.ndim)
    w = list(w)
    shape = [-1 if a == axis else 1 for a in range(x.ndim)]
    gamma = w.pop(0) if c["scale"] else np.ones(x.shape[axis])
    beta = w.pop(0) if c["center"] else np.zeros(x.shape[axis])
    mean, variance = w
    y = (x - mean.reshape(shape)) / np.sqrt(variance.reshape(shape) + c["epsilon"])
    return y * gamma.reshape(shape) + beta.reshape(shape), mask


def layer_normalization(c, w, inputs, keras):
    x, mask = inputs[0]
    axes = tuple(normalised(c["axis"], x.ndim))
    shape = [x.shape[a] if a in axes else 1 for a in range(x.ndim)]
    y = (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + c["epsilon"])
    w = list(w)
    if c["scale"]:
        y = y * w.pop(0).reshape(shape)
    if c["center"]:
        y = y + w.pop(0).reshape(shape)
    return y, mask


def group_normalization(c, w, inputs, keras):
    x, mask = inputs[0]
    (axis,) = normalised(c["axis"], x.ndim)
    groups = x.shape[axis] if c["groups"] == -1 else c["groups"]
    split = x.shape[:axis] + (groups, x.shape[axis] // groups) + x.shape[axis + 1 :]
    g = x.reshape(split)
    axes = tuple(a for a in range(1, g.ndim) if a != axis)
    y = (g - g.mean(axis=axes, keepdims=True)) / np.sqrt(g.var(axis=axes, keepdims=True) + c["epsilon"])
    y = y.reshape(x.shape)
    shape = [-1 if a == axis else 1 for a in range(x.ndim)]
    w = list(w)
    if c["scale"]:
        y = y * w.pop(0).reshape(shape)
    if c["center"]:
        y = y + w.pop(0).reshape(shape)
    return y, mask


def unit_normalization(c, w, inputs, keras):
    x, mask = inputs[0]
    axes = tuple(normalised(c["axis"], x.ndim))
    return x / np.sqrt(np.maximum((x**2).sum(axis=axes, keepdims=True), 1e-12)), mask


def normalization(c, w, inputs, keras):
    x, mask = inputs[0]
    axes = [] if c["axis"] is None else sorted(normalised(c["axis"], x.ndim))
    shape = [x.shape[a] if a in axes else 1 for a in range(x.ndim)]
    mean, variance = (w[0], w[1]) if c.get("mean") is None else (np.array(c["mean"]), np.array(c["variance"]))
    mean = np.broadcast_to(mean, [x.shape[a] for a in axes]).reshape(shape)
    deviation = np.maximum(np.sqrt(np.broadcast_to(variance, [x.shape[a] for a in axes]).reshape(shape)), 1e-7)
    return ((x * deviation + mean) if c.get("invert") else ((x - mean) / deviation)), mask


def rescaling(c, x, keras):
    scale, offset = np.array(c["scale"]), np.array(c["offset"])
    return x * scale + offset


def prelu(c, w, inputs, keras):
    x, mask = inputs[0]
    return np.where(x > 0, x, w[0] * x), mask


def merged(f):
    def run(c, w, inputs, keras):
        rank = max(x.ndim for x, _ in inputs)
        arrays = [x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:]) for x, _ in inputs]
        masks = [m for _, m in inputs]
        mask = None if any(m is None for m in masks) else masks[0]
        return f(arrays), mask

    return run


def reduced(f):
    def run(arrays):
        y = arrays[0]
        for x in arrays[1:]:
            y = f(y, x)
        return y

    return run


def concatenate(c, w, inputs, keras):
    y = np.concatenate([x for x, _ in inputs], axis=c["axis"])
    masks = [m for _, m in inputs]
    if all(m is None for m in masks):
        return y, None
    full = [np.broadcast_to((np.ones(x.shape[:2], bool) if m is None else m)[:, :, None], x.shape) for x, m in inputs]
    return y, np.concatenate(full, axis=c["axis"]).any(axis=-1)


def dot(c, w, inputs, keras):
    a, b = inputs[0][0], inputs[1][0]
    i, j = [c["axes"]] * 2 if isinstance(c["axes"], int) else c["axes"]
    i, j = i % a.ndim, j % b.ndim
    if c["normalize"]:
        a = a / np.sqrt(np.maximum((a**2).sum(axis=i, keepdims=True), 1e-12))
        b = b / np.sqrt(np.maximum((b**2).sum(axis=j, keepdims=True), 1e-12))
    y = np.stack([np.tensordot(p, q, axes=(i - 1, j - 1)) for p, q in zip(a, b)])
    return (y[:, None] if y.ndim == 1 else y), None


# ---------------------------------------------------------------------------------------------- sequences
def embedding(c, w, inputs, keras):
    index = inputs[0][0].astype(int)
    return w[0][index], (inputs[0][0] != 0) if c["mask_zero"] else None


def masking(c, w, inputs, keras):
    x = inputs[0][0]
    keep = (x != c["mask_value"]).any(axis=-1)
    return x * keep[..., None], keep


def lstm_cell(c, w, keras):
    act, gate = activation(c["activation"], keras), activation(c["recurrent_activation"], keras)

    def step(x, states):
        h, s = states
        z = x @ w[0] + h @ w[1] + (w[2] if c["use_bias"] else 0)
        i, f, g, o = np.split(z, 4, axis=-1)
        s = gate(f) * s + gate(i) * act(g)
        h = gate(o) * act(s)
        return h, [h, s]

    return step, 2


def gru_cell(c, w, keras):
    act, gate = activation(c["activation"], keras), activation(c["recurrent_activation"], keras)
    u = c["units"]

    def step(x, states):
        (h,) = states
        if c["reset_after"]:
            inner_bias = w[2][1] if c["use_bias"] else np.zeros(3 * u)
            a, b = x @ w[0] + (w[2][0] if c["use_bias"] else 0), h @ w[1] + inner_bias
            z, r = gate(a[:, :u] + b[:, :u]), gate(a[:, u : 2 * u] + b[:, u : 2 * u])
            g = act(a[:, 2 * u :] + r * b[:, 2 * u :])
        else:
            a = x @ w[0] + (w[2] if c["use_bias"] else 0)
            z, r = gate(a[:, :u] + h @ w[1][:, :u]), gate(a[:, u : 2 * u] + h @ w[1][:, u : 2 * u])
            g = act(a[:, 2 * u :] + (r * h) @ w[1][:, 2 * u :])
        h = z * h + (1 - z) * g
        return h, [h]

    return step, 1


def simple_cell(c, w, keras):
    act = activation(c["activation"], keras)

    def step(x, states):
        h = act(x @ w[0] + states[0] @ w[1] + (w[2] if c["use_bias"] else 0))
        return h, [h]

    return step, 1


CELLS = {"LSTM": lstm_cell, "GRU": gru_cell, "SimpleRNN": simple_cell}


def unroll(name, c, w, x, mask, keras, zeros_for_masked=None, initial=None):
    """Keras' loop: masked steps keep the states and repeat the last output, or give zeros. Output and states."""
    step, count = CELLS[name](c, w, keras)
    zeros = c.get("zero_output_for_mask", False) if zeros_for_masked is None else zeros_for_masked
    if c["go_backwards"]:
        x, mask = x[:, ::-1], None if mask is None else mask[:, ::-1]
    states = initial or [np.zeros((x.shape[0], c["units"])) for _ in range(count)]
    output, outputs = np.zeros((x.shape[0], c["units"])), []
    for t in range(x.shape[1]):
        new, after = step(x[:, t], states)
        if mask is not None:
            m = mask[:, t, None]
            new = np.where(m, new, 0 if zeros else output)
            after = [np.where(m, a, b) for a, b in zip(after, states)]
        output, states = new, after
        outputs.append(output)
    return np.stack(outputs, axis=1) if c["return_sequences"] else output, states


def recurrent(name):
    def run(c, w, inputs, keras):
        x, mask = inputs[0]
        initial = [state for state, _ in inputs[1:]] or None
        y, states = unroll(name, c, w, x, mask, keras, initial=initial)
        result = (y, mask if c["return_sequences"] else None)
        return [result] + [(state, None) for state in states] if c["return_state"] else result

    return run


def bidirectional(c, w, inputs, keras):
    x, mask = inputs[0]
    inner = c["layer"]
    name, forward = inner["class_name"], inner["config"]
    backward = c.get("backward_layer")
    backward = {**forward, "go_backwards": not forward["go_backwards"]} if backward is None else backward["config"]
    half = len(w) // 2
    zeros = forward["return_sequences"]
    a, left = unroll(name, forward, w[:half], x, mask, keras, zeros)
    b, right = unroll(name if c.get("backward_layer") is None else c["backward_layer"]["class_name"],
               backward, w[half:], x, mask, keras, zeros)
    if forward["return_sequences"]:
        b = b[:, ::-1]
    mode = c["merge_mode"]
    y = {"concat": lambda: np.concatenate([a, b], axis=-1), "sum": lambda: a + b, "mul": lambda: a * b,
         "ave": lambda: (a + b) / 2}[mode]()
    result = (y, mask if forward["return_sequences"] else None)
    return [result] + [(state, None) for state in left + right] if forward["return_state"] else result


def rnn(c, w, inputs, keras):
    """A cell of its own, run by the general wrapper."""
    cell = c["cell"]
    return recurrent(cell["class_name"].replace("Cell", ""))({**c, **cell["config"]}, w, inputs, keras)


def time_distributed(c, w, inputs, keras):
    x, mask = inputs[0]
    inner = c["layer"]
    run = LAYERS[inner["class_name"]]
    steps = [run(inner["config"], w, [(x[:, t], None)], keras)[0] for t in range(x.shape[1])]
    return np.stack(steps, axis=1), mask


def repeat_vector(c, w, inputs, keras):
    return np.repeat(inputs[0][0][:, None], c["n"], axis=1), None


def permute(c, w, inputs, keras):
    return np.transpose(inputs[0][0], [0] + list(c["dims"])), None


# ---------------------------------------------------------------------------------------------- attention
def attention_weights(scores, key_mask, causal):
    if key_mask is not None:
        scores = np.where(key_mask, scores, -1e9)
    if causal:
        scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -1e9)
    return softmax(scores)


def attention(c, w, inputs, keras, causal=False):
    query, value = inputs[0][0], inputs[1][0]
    key = inputs[2][0] if len(inputs) > 2 else value
    if c["score_mode"] == "dot":
        scores = query @ np.swapaxes(key, 1, 2)
        if c["use_scale"]:
            scores = scores * w[0]
    else:
        s = w[0] if c["use_scale"] else 1
        b = w[-1] if c["use_scale"] else w[0]
        scores = b * np.tanh(s * (query[:, :, None] + key[:, None])).sum(axis=-1)
    return attention_weights(scores, None, causal) @ value, None


def additive_attention(c, w, inputs, keras):
    query, value = inputs[0][0], inputs[1][0]
    key = inputs[2][0] if len(inputs) > 2 else value
    s = w[0] if c["use_scale"] else 1
    scores = (s * np.tanh(query[:, :, None] + key[:, None])).sum(axis=-1)
    return softmax(scores) @ value, None


def multi_head_attention(c, w, inputs, keras, causal=False):
    query, value = inputs[0][0], inputs[1][0]
    key = inputs[2][0] if len(inputs) > 2 else value
    w = list(w)

    def project(x):
        kernel = w.pop(0)
        y = np.einsum("ntd,dhk->nthk", x, kernel)
        return y + w.pop(0) if c["use_bias"] else y

    q, k, v = project(query), project(key), project(value)
    scores = np.einsum("nthk,nshk->nhts", q / math.sqrt(c["key_dim"]), k)
    mixed = np.einsum("nhts,nshk->nthk", attention_weights(scores, None, causal), v)
    y = np.einsum("nthk,hkd->ntd", mixed, w.pop(0))
    return y + w.pop(0) if c["use_bias"] else y, inputs[0][1]


LAYERS = {
    "Dense": dense,
    "EinsumDense": einsum_dense,
    "Activation": elementwise(lambda c, x, keras: activation(c["activation"], keras)(x)),
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": repeat_vector,
    "BatchNormalization": batch_normalization,
    "BatchNormalizationV1": batch_normalization,
    "SyncBatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "GroupNormalization": group_normalization,
    "UnitNormalization": unit_normalization,
    "Normalization": normalization,
    "Rescaling": elementwise(rescaling),
    "ReLU": elementwise(lambda c, x, keras: relu(x, c["max_value"], c["negative_slope"], c["threshold"])),
    "LeakyReLU": elementwise(
        lambda c, x, keras: np.where(x > 0, x, c.get("alpha", c.get("negative_slope")) * x)
    ),
    "ELU": elementwise(lambda c, x, keras: elu(x, c["alpha"])),
    "ThresholdedReLU": elementwise(lambda c, x, keras: np.where(x > c["theta"], x, 0)),
    "Softmax": elementwise(lambda c, x, keras: softmax(x, tuple(c["axis"]) if isinstance(c["axis"], list) else c["axis"])),
    "PReLU": prelu,
    "Concatenate": concatenate,
    "Add": merged(reduced(np.add)),
    "Subtract": merged(reduced(np.subtract)),
    "Multiply": merged(reduced(np.multiply)),
    "Maximum": merged(reduced(np.maximum)),
    "Minimum": merged(reduced(np.minimum)),
    "Average": merged(lambda arrays: reduced(np.add)(arrays) / len(arrays)),
    "Dot": dot,
    "Embedding": embedding,
    "Masking": masking,
    "Bidirectional": bidirectional,
    "RNN": rnn,
    "Resizing": resizing,
    "TimeDistributed": time_distributed,
    "MultiHeadAttention": multi_head_attention,
    "Attention": attention,
    "AdditiveAttention": additive_attention,
}
for quiet in (
    "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout AlphaDropout "
    "ActivityRegularization Identity RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast "
    "RandomBrightness"
).split():
    LAYERS[quiet] = identity
for cell in CELLS:
    LAYERS[cell] = recurrent(cell)
for d in (1, 2, 3):
    LAYERS[f"Conv{d}D"] = conv(d)
    LAYERS[f"Conv{d}DTranspose"] = transposed_conv(d)
    LAYERS[f"DepthwiseConv{d}D"] = depthwise_conv(d)
    LAYERS[f"SeparableConv{d}D"] = separable_conv(d)
    LAYERS[f"MaxPooling{d}D"] = pooling(d, np.nanmax, -np.inf)
    LAYERS[f"AveragePooling{d}D"] = pooling(d, np.nanmean, 0)
    LAYERS[f"GlobalAveragePooling{d}D"] = global_pooling(np.mean)
    LAYERS[f"GlobalMaxPooling{d}D"] = global_pooling(np.max)
    LAYERS[f"ZeroPadding{d}D"] = zero_padding(d)
    LAYERS[f"Cropping{d}D"] = cropping(d)
    LAYERS[f"UpSampling{d}D"] = up_sampling(d)


# ---------------------------------------------------------------------------------------------- functions
FUNCTIONS = {
    "add": np.add, "bias_add": np.add, "subtract": np.subtract, "multiply": np.multiply, "truediv": np.divide,
    "TrueDivide": np.divide, "Add": np.add, "Subtract": np.subtract, "Multiply": np.multiply, "maximum": np.maximum,
    "Maximum": np.maximum, "minimum": np.minimum, "pow": np.power, "Power": np.power, "exp": np.exp, "sqrt": np.sqrt,
    "Sqrt": np.sqrt, "abs": np.abs, "square": np.square, "Square": np.square, "relu": relu, "Relu": relu,
    "sigmoid": sigmoid, "tanh": np.tanh, "Silu": ACTIVATIONS["silu"], "HardSilu": ACTIVATIONS["hard_silu"],
}
REDUCTIONS = {"reduce_mean": np.mean, "Mean": np.mean, "reduce_max": np.max, "Max": np.max, "reduce_sum": np.sum, "Sum": np.sum}


def is_function(entry):
    return entry["class_name"] == "TFOpLambda" or str(entry.get("module", "")).startswith("keras.src.ops.")


def operand(value, values):
    """A tensor of the model, or several, or a constant."""
    if isinstance(value, dict):
        layer, _, index = value["config"]["keras_history"]
        return values[layer][index][0]
    if isinstance(value, list) and value and value[0] == "_CONSTANT_VALUE":
        return np.array(value[2], float)
    if isinstance(value, list) and len(value) >= 3 and isinstance(value[0], str):
        return values[value[0]][value[2]][0]
    if isinstance(value, list) and value and isinstance(value[0], (list, dict)) and (
        isinstance(value[0], dict) or isinstance(value[0][0], str)
    ):
        return [operand(v, values) for v in value]
    return np.array(value, float)


def call_function(entry, values):
    """A function of TensorFlow (Keras 2) or keras.ops (Keras 3) on what its only call names."""
    (node,) = entry["inbound_nodes"]
    if isinstance(node, dict):
        name, options = entry["class_name"], {**entry["config"], **node["kwargs"]}
        operands = [operand(a, values) for a in node["args"]]
    else:
        name = entry["config"]["function"].split(".")[-1]
        options = node[3] if isinstance(node[0], str) else node[0][3]
        operands = [operand(node, values)] + ([operand(options["y"], values)] if "y" in options else [])
        operands += [operand(options["bias"], values)] if "bias" in options else []
    if name in REDUCTIONS:
        axis = options["axis"]
        axis = tuple(axis) if isinstance(axis, list) else axis
        return REDUCTIONS[name](operands[0], axis=axis, keepdims=options.get("keepdims", False)), None
    if name in ("concat", "Concatenate"):
        return np.concatenate(operands[0], axis=options["axis"]), None
    return FUNCTIONS[name](*operands), None


def results(returned):
    """What a layer gave, as a list."""
    return returned if isinstance(returned, list) else [returned]


# ---------------------------------------------------------------------------------------------- files
def snake(name):
    """Keras 3's naming of the groups that hold a layer's weights."""
    import re

    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


# Attributes of a layer that hold weights of their own, in the order of layer.weights.
PARTS = {
    "LSTM": ["cell"],
    "GRU": ["cell"],
    "SimpleRNN": ["cell"],
    "RNN": ["cell"],
    "Bidirectional": ["forward_layer", "backward_layer"],
    "TimeDistributed": ["layer"],
    "MultiHeadAttention": ["query_dense", "key_dense", "value_dense", "output_dense"],
}


def store_order(group, name, config):
    """Weights of one layer of a .keras archive."""
    found = []
    if "vars" in group:
        found += [group["vars"][str(i)] for i in range(len(group["vars"]))]
    for part in PARTS.get(name, []):
        if part not in group:
            continue
        inner = config.get("layer") or {}
        inner = config.get("backward_layer") or inner if part == "backward_layer" else inner
        found += store_order(group[part], inner.get("class_name", ""), inner.get("config", {}))
    return found


def layer_configs(config):
    """All layers of a model configuration with their names, in the file's order."""
    return [(l["class_name"], l["config"]) for l in config["config"]["layers"]]


def weights_of_archive(h5, config):
    weights, used = {}, {}
    for name, layer in layer_configs(config):
        key = snake(name)
        used[key] = used.get(key, -1) + 1
        key = key if used[key] == 0 else f"{key}_{used[key]}"
        group = h5.get(f"layers/{key}")
        found = [] if group is None else store_order(group, name, layer)
        weights[layer["name"]] = [np.asarray(d, np.float64) for d in found]
    return weights


def weights_of_h5(h5):
    weights = {}
    for name, group in h5["model_weights"].items():
        names = group.attrs.get("weight_names", [])
        weights[name] = [np.asarray(group[n.decode() if isinstance(n, bytes) else n], np.float64) for n in names]
    return weights


def load(path):
    """Configuration, weights by layer name, and Keras' major version."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            with h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as h5:
                return config, weights_of_archive(h5, config), 3
    with h5py.File(path, "r") as h5:
        config = json.loads(h5.attrs["model_config"])
        version = h5.attrs.get("keras_version", b"2")
        version = version.decode() if isinstance(version, bytes) else version
        return config, weights_of_h5(h5), int(version[0])


def references(node, found):
    """Tensors that a Keras 3 call's arguments name, as (layer, index)."""
    if isinstance(node, dict):
        if node.get("class_name") == "__keras_tensor__":
            layer, _, index = node["config"]["keras_history"]
            found.append((layer, index))
        else:
            for value in node.values():
                references(value, found)
    elif isinstance(node, list):
        for value in node:
            references(value, found)


def forward(path, inputs):
    """Outputs of a model; inputs by name of the input layer."""
    config, weights, keras = load(path)
    values = {}
    if config["class_name"] == "Sequential":
        value = None
        for name, layer in layer_configs(config):
            if name == "InputLayer":
                value = (inputs[layer["name"]], None)
                continue
            if value is None:
                value = (next(iter(inputs.values())), None)
            value = LAYERS[name](layer, weights.get(layer["name"], []), [value], keras)
        return [value[0]]
    for entry in config["config"]["layers"]:
        name, layer = entry["class_name"], entry["config"]
        if name == "InputLayer":
            values[entry["name"]] = [(inputs[layer["name"]], None)]
            continue
        if is_function(entry):
            values[entry["name"]] = [call_function(entry, values)]
            continue
        (call,) = entry["inbound_nodes"]
        sources, options = [], {}
        if isinstance(call, dict):
            references(call["args"], sources)
            options = call["kwargs"]
            references(options, sources)
        else:
            sources = [(source[0], source[2]) for source in call]
            options = call[0][3]
        extra = {"causal": True} if options.get("use_causal_mask") else {}
        for key in ("value", "key"):
            if isinstance(options.get(key), list):  # Keras 2 names tensors in keyword arguments by position
                sources.append((options[key][0], options[key][2]))
        read = [values[source][index] for source, index in sources]
        values[entry["name"]] = results(LAYERS[name](layer, weights.get(layer["name"], []), read, keras, **extra))
    outputs = config["config"]["output_layers"]
    outputs = [outputs] if isinstance(outputs[0], str) else outputs
    return [values[o[0]][o[2]][0] for o in outputs]


if __name__ == "__main__":
    model, arrays, target = sys.argv[1:]
    np.save(target, forward(model, dict(np.load(arrays)))[0].astype(np.float32))
