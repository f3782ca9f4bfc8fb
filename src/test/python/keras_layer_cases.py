"""The layers and options of which make_keras_layer_fixtures.py makes models."""

import keras_reference as reference


def declare(case, both, L, Function):
    core(case, both, L)
    convolutions(case, both, L)
    images(case, both, L)
    normalization(case, both, L)
    merges(case, both, L)
    recurrent(case, both, L)
    masks(case, both, L)
    attention(case, both, L)
    functions(case, both, L, Function)


def core(case, both, L):
    add = lambda name, shape, *layers, keras=None: case("core", name, shape, layers, keras)
    add("dense_without_bias", (5,), L("Dense", units=4, use_bias=False))
    both("core", "dense_relu", (5,), lambda k: [L("Dense", units=6, activation="relu"), L("Dense", units=3, activation="softmax")])
    add("dense_over_sequence", (4, 5), L("Dense", units=3, activation="tanh"))
    add("dense_over_open_sequence", (None, 5), L("Dense", units=3))
    add("dense_of_integers", {"shape": (5,), "dtype": "int64", "high": 9}, L("Dense", units=3))
    add("dense_over_images", (4, 3, 5), L("Dense", units=2, use_bias=False))
    shared = """linear relu elu selu gelu sigmoid hard_sigmoid tanh softmax softplus softsign swish exponential
    mish""".split()
    for name in shared:
        add(f"activation_{name}_k2", (7,), L("Activation", activation=name), keras=2)
        add(f"activation_{name}_k3", (7,), L("Activation", activation=name), keras=3)
    for name in """relu6 leaky_relu silu hard_silu hard_swish log_softmax log_sigmoid tanh_shrink hard_tanh soft_shrink
    hard_shrink squareplus sparse_plus celu""".split():
        add(f"activation_{name}_k3", (9,), L("Activation", activation=name), keras=3)
    function = lambda name: {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}
    add("activation_as_function", (5,), L("Dense", units=4, activation=function("relu6")), keras=3)
    layer = {"module": "keras.layers", "class_name": "LeakyReLU", "config": {"name": "x", "alpha": 0.1}, "registered_name": None}
    add("activation_as_layer", (5,), L("Dense", units=4, activation=layer), keras=2)
    add("softmax_over_sequence", (4, 5), L("Activation", activation="softmax"))
    add("softmax_layer", (4, 5), L("Softmax"))
    add("softmax_layer_axis_1", (4, 5), L("Softmax", axis=1))
    add("relu_plain", (6,), L("ReLU"))
    add("relu_max", (6,), L("ReLU", max_value=0.5))
    add("relu_slope", (6,), L("ReLU", negative_slope=0.2))
    add("relu_threshold", (6,), L("ReLU", threshold=0.4))
    add("relu_everything", (16,), L("ReLU", max_value=1.0, negative_slope=0.25, threshold=0.3))
    add("relu_max_slope", (16,), L("ReLU", max_value=0.7, negative_slope=0.25))
    add("leaky_relu_k2", (6,), L("LeakyReLU", alpha=0.3), keras=2)
    add("leaky_relu_k3", (6,), L("LeakyReLU", negative_slope=0.15), keras=3)
    add("elu_layer", (6,), L("ELU", alpha=0.7))
    add("thresholded_relu", (6,), L("ThresholdedReLU", theta=0.3), keras=2)
    both("core", "prelu", (4, 5), lambda k: [L("PReLU")])
    add("prelu_shared", (5, 4, 3), L("PReLU", shared_axes=[1, 2]))
    add("flatten", (3, 4), L("Flatten"))
    add("flatten_scalars", (), L("Flatten"), L("Dense", units=2))
    add("flatten_images", (3, 4, 2), L("Flatten"))
    add("flatten_after_convolution", (5, 4, 2), L("Conv2D", filters=3, kernel_size=[2, 2]), L("Flatten"), L("Dense", units=2))
    add("flatten_channels_first", (2, 3, 4), L("Flatten", data_format="channels_first"), L("Dense", units=2))
    add("reshape", (12,), L("Reshape", target_shape=[3, 4]))
    add("reshape_open", (12,), L("Reshape", target_shape=[2, -1, 3]))
    add("reshape_after_convolution", (5, 4, 2), L("Conv2D", filters=3, kernel_size=[2, 1]), L("Reshape", target_shape=[-1, 3]))
    add("permute", (2, 3, 4), L("Permute", dims=[3, 1, 2]))
    add("repeat_vector", (4,), L("RepeatVector", n=3))
    add("rescaling", (4, 3), L("Rescaling", scale=0.5, offset=-1.0))
    add("rescaling_per_channel", (4, 3), L("Rescaling", scale=[0.5, 2.0, 1.5], offset=[0.0, 1.0, -1.0]))
    for name, settings in {
        "Dropout": {"rate": 0.3, "noise_shape": None, "seed": None}, "SpatialDropout1D": {"rate": 0.2},
        "GaussianNoise": {"stddev": 0.1}, "GaussianDropout": {"rate": 0.1}, "AlphaDropout": {"rate": 0.1},
        "ActivityRegularization": {"l1": 0.0, "l2": 0.1},
    }.items():
        add(f"quiet_{name.lower()}", (4, 3), L("Dense", units=3), L(name, **settings))
    add("quiet_spatialdropout2d", (4, 3, 2), L("SpatialDropout2D", rate=0.2, data_format="channels_last"))
    add("quiet_identity", (4,), L("Dense", units=3), L("Identity"), keras=3)
    add("quiet_augmentation", (4, 4, 3), L("RandomFlip", mode="horizontal", seed=None), L("RandomRotation", factor=[-0.1, 0.1]),
        L("RandomZoom", height_factor=0.1), L("RandomTranslation", height_factor=0.1, width_factor=0.1), L("RandomContrast", factor=0.2),
        L("RandomBrightness", factor=0.2), L("Conv2D", filters=2, kernel_size=[2, 2]))


def convolutions(case, both, L):
    add = lambda name, shape, *layers, keras=None: case("convolutions", name, shape, layers, keras)
    c1 = lambda **s: L("Conv1D", **{"filters": 4, "kernel_size": [3], **s})
    c2 = lambda **s: L("Conv2D", **{"filters": 4, "kernel_size": [3, 2], **s})
    add("conv1d_valid", (8, 3), c1())
    add("conv1d_same", (8, 3), c1(padding="same", activation="relu"))
    add("conv1d_same_even_strided", (9, 3), c1(kernel_size=[4], padding="same", strides=[2]))
    add("conv1d_causal", (8, 3), c1(padding="causal", dilation_rate=[2]))
    add("conv1d_causal_strided", (9, 3), c1(padding="causal", strides=[2]))
    add("conv1d_dilated_same", (10, 2), c1(padding="same", dilation_rate=[3]))
    add("conv1d_groups", (8, 4), c1(groups=2))
    add("conv1d_channels_first", (3, 8), c1(data_format="channels_first", padding="same"))
    add("conv1d_open", (None, 3), c1(padding="same", strides=[2]))
    both("convolutions", "conv2d_valid", (6, 5, 3), lambda k: [c2(activation="relu")])
    add("conv2d_same", (6, 5, 3), c2(padding="same", use_bias=False))
    add("conv2d_same_strided", (7, 6, 3), c2(padding="same", strides=[2, 3]))
    add("conv2d_same_even", (5, 5, 2), c2(kernel_size=[2, 4], padding="same"))
    add("conv2d_stride_beyond_kernel", (7, 7, 2), c2(kernel_size=[1, 1], strides=[2, 2], padding="same"))
    add("conv2d_dilated", (8, 9, 2), c2(dilation_rate=[2, 3]))
    add("conv2d_dilated_same", (8, 9, 2), c2(dilation_rate=[2, 2], padding="same"))
    add("conv2d_groups", (5, 5, 6), c2(groups=2, filters=4))
    add("conv2d_channels_first", (3, 6, 5), c2(data_format="channels_first", padding="same", strides=[2, 1]))
    add("conv2d_open", (None, None, 3), c2(padding="same", strides=[2, 2]))
    add("conv2d_open_valid", (None, 6, 3), c2())
    add("conv2d_softmax", (4, 4, 2), c2(activation="softmax"))
    add("conv2d_stack", (8, 8, 2), c2(activation="relu"), L("MaxPooling2D"), c2(padding="same", activation="elu"),
        L("GlobalAveragePooling2D"), L("Dense", units=3, activation="softmax"))
    add("conv3d", (4, 5, 4, 2), L("Conv3D", filters=3, kernel_size=[2, 3, 2], padding="same", strides=[2, 1, 2]))
    add("depthwise1d", (7, 3), L("DepthwiseConv1D", kernel_size=[3], depth_multiplier=2, padding="same"))
    both("convolutions", "depthwise2d", (6, 5, 3), lambda k: [L("DepthwiseConv2D", kernel_size=[3, 3], padding="same", activation="relu6" if k == 3 else "relu")])
    add("depthwise2d_multiplier", (6, 5, 3), L("DepthwiseConv2D", kernel_size=[3, 2], depth_multiplier=2, strides=[2, 2]))
    add("depthwise2d_dilated", (7, 7, 2), L("DepthwiseConv2D", kernel_size=[2, 2], dilation_rate=[2, 2], use_bias=False))
    add("depthwise2d_channels_first", (3, 6, 5), L("DepthwiseConv2D", kernel_size=[3, 3], depth_multiplier=2, data_format="channels_first"))
    add("separable1d", (8, 3), L("SeparableConv1D", filters=4, kernel_size=[3], depth_multiplier=2, padding="same"))
    add("separable1d_causal", (8, 3), L("SeparableConv1D", filters=4, kernel_size=[3], padding="causal"), keras=2)
    add("separable2d", (6, 5, 3), L("SeparableConv2D", filters=4, kernel_size=[3, 3], padding="same", strides=[2, 2], activation="relu"))
    add("separable2d_multiplier", (6, 5, 2), L("SeparableConv2D", filters=3, kernel_size=[2, 3], depth_multiplier=3, use_bias=False))
    t2 = lambda **s: L("Conv2DTranspose", **{"filters": 3, "kernel_size": [3, 3], **s})
    t1 = lambda **s: L("Conv1DTranspose", **{"filters": 3, "kernel_size": [3], **s})
    add("transpose2d_valid", (4, 5, 2), t2())
    add("transpose2d_valid_strided", (4, 5, 2), t2(strides=[2, 3], activation="relu"))
    add("transpose2d_same", (4, 5, 2), t2(padding="same"))
    add("transpose2d_same_strided", (4, 5, 2), t2(padding="same", strides=[2, 2]))
    add("transpose2d_same_even", (4, 3, 2), t2(kernel_size=[4, 2], padding="same", strides=[2, 2], use_bias=False))
    add("transpose2d_kernel_below_stride", (3, 4, 2), t2(kernel_size=[2, 2], strides=[3, 3], padding="same"))
    add("transpose2d_kernel_below_stride_valid", (3, 4, 2), t2(kernel_size=[2, 2], strides=[3, 3]))
    add("transpose2d_output_padding_same", (4, 5, 2), t2(padding="same", strides=[2, 2], output_padding=[1, 0]))
    add("transpose2d_output_padding_valid", (4, 5, 2), t2(strides=[3, 2], output_padding=[1, 1]))
    add("transpose2d_channels_first", (2, 4, 5), t2(padding="same", strides=[2, 2], data_format="channels_first"))
    add("transpose2d_dilated", (4, 5, 2), t2(dilation_rate=[2, 2]))
    add("transpose2d_open", (None, None, 2), t2(padding="same", strides=[2, 2]))
    add("transpose3d", (2, 3, 2, 2), L("Conv3DTranspose", filters=2, kernel_size=[2, 3, 2], strides=[2, 2, 1], padding="same"))
    add("transpose1d_same", (5, 2), t1(padding="same", strides=[2]))
    add("transpose1d_valid", (5, 2), t1(kernel_size=[4], strides=[3]))


def images(case, both, L):
    add = lambda name, shape, *layers, keras=None: case("images", name, shape, layers, keras)
    for kind in ("Max", "Average"):
        low = kind.lower()
        add(f"{low}_pooling1d", (7, 3), L(f"{kind}Pooling1D", pool_size=[2]))
        add(f"{low}_pooling1d_same", (7, 3), L(f"{kind}Pooling1D", pool_size=[3], strides=[2], padding="same"))
        add(f"{low}_pooling1d_channels_first", (3, 7), L(f"{kind}Pooling1D", pool_size=[2], data_format="channels_first"))
        add(f"{low}_pooling2d", (6, 5, 2), L(f"{kind}Pooling2D", pool_size=[2, 2], strides=[2, 2]))
        add(f"{low}_pooling2d_same", (6, 5, 2), L(f"{kind}Pooling2D", pool_size=[3, 2], strides=[1, 2], padding="same"))
        add(f"{low}_pooling2d_open_same", (None, None, 2), L(f"{kind}Pooling2D", pool_size=[2, 2], padding="same"))
        add(f"{low}_pooling2d_channels_first", (2, 6, 5), L(f"{kind}Pooling2D", pool_size=[3, 2], data_format="channels_first", padding="same"))
        add(f"{low}_pooling3d", (4, 5, 4, 2), L(f"{kind}Pooling3D", pool_size=[2, 2, 2], padding="same"))
        add(f"global_{low}_pooling1d", (6, 3), L(f"Global{kind}Pooling1D"))
        add(f"global_{low}_pooling1d_open", (None, 3), L(f"Global{kind}Pooling1D", keepdims=True))
        add(f"global_{low}_pooling1d_channels_first", (3, 6), L(f"Global{kind}Pooling1D", data_format="channels_first"))
        add(f"global_{low}_pooling2d", (4, 5, 3), L(f"Global{kind}Pooling2D"))
        add(f"global_{low}_pooling2d_keepdims", (4, 5, 3), L(f"Global{kind}Pooling2D", keepdims=True))
        add(f"global_{low}_pooling2d_channels_first", (3, 4, 5), L(f"Global{kind}Pooling2D", data_format="channels_first", keepdims=True))
        add(f"global_{low}_pooling3d", (3, 4, 5, 2), L(f"Global{kind}Pooling3D"))
    add("resizing", (5, 7, 2), L("Resizing", height=8, width=4, interpolation="bilinear", crop_to_aspect_ratio=False))
    add("resizing_open", (None, None, 2), L("Resizing", height=4, width=9, interpolation="bilinear"), L("Conv2D", filters=2, kernel_size=[3, 3]), L("Flatten"))
    add("zero_padding1d", (4, 3), L("ZeroPadding1D", padding=[1, 2]))
    add("zero_padding1d_single", (4, 3), L("ZeroPadding1D", padding=2))
    add("zero_padding2d", (3, 4, 2), L("ZeroPadding2D", padding=[[1, 0], [2, 1]]))
    add("zero_padding2d_symmetric", (3, 4, 2), L("ZeroPadding2D", padding=[1, 2]))
    add("zero_padding2d_channels_first", (2, 3, 4), L("ZeroPadding2D", padding=[[0, 1], [1, 1]], data_format="channels_first"))
    add("zero_padding2d_open", (None, None, 2), L("ZeroPadding2D", padding=[[0, 1], [0, 1]]), L("Conv2D", filters=2, kernel_size=[3, 3], strides=[2, 2]))
    add("cropping1d", (7, 3), L("Cropping1D", cropping=[1, 2]))
    add("cropping2d", (6, 7, 2), L("Cropping2D", cropping=[[1, 0], [0, 2]]))
    add("cropping2d_channels_first", (2, 6, 7), L("Cropping2D", cropping=[[1, 2], [2, 1]], data_format="channels_first"))
    add("up_sampling1d", (4, 3), L("UpSampling1D", size=3))
    add("up_sampling2d", (3, 4, 2), L("UpSampling2D", size=[2, 3]))
    add("up_sampling2d_bilinear", (3, 4, 2), L("UpSampling2D", size=[2, 3], interpolation="bilinear"))
    add("up_sampling2d_channels_first", (2, 3, 4), L("UpSampling2D", size=[2, 2], data_format="channels_first"))
    add("up_sampling2d_open", (None, None, 2), L("UpSampling2D", size=[2, 2], interpolation="bilinear"))
    add("zero_padding3d", (2, 3, 2, 2), L("ZeroPadding3D", padding=[[1, 0], [0, 2], [1, 1]]))
    add("cropping3d", (4, 3, 4, 2), L("Cropping3D", cropping=[[1, 0], [0, 1], [1, 1]]), L("SpatialDropout3D", rate=0.2))
    add("up_sampling3d", (2, 3, 2, 2), L("UpSampling3D", size=[2, 1, 2]))


def normalization(case, both, L):
    add = lambda name, shape, *layers, keras=None: case("normalization", name, shape, layers, keras)
    both("normalization", "batch_flat", (5,), lambda k: [L("BatchNormalization", axis=[1] if k == 2 else -1)])
    both("normalization", "batch_images", (4, 3, 5), lambda k: [L("BatchNormalization", axis=[3] if k == 2 else -1, scale=1 if k == 2 else True)])
    add("batch_sequence", (4, 5), L("BatchNormalization", axis=-1, epsilon=1e-5))
    add("batch_channels_first", (5, 4, 3), L("BatchNormalization", axis=1))
    add("batch_of_tensorflow_1", (4, 3), L("BatchNormalizationV1", axis=[2]), keras=2)
    add("batch_synchronised", (4, 3), L("SyncBatchNormalization"), keras=2)
    add("batch_without_scale", (4, 3), L("BatchNormalization", scale=False))
    add("batch_without_center", (4, 3), L("BatchNormalization", center=False))
    add("batch_bare", (4, 4, 3), L("BatchNormalization", center=False, scale=False))
    add("batch_between_convolutions", (6, 6, 2), L("Conv2D", filters=3, kernel_size=[3, 3], use_bias=False),
        L("BatchNormalization"), L("ReLU", max_value=6.0), L("DepthwiseConv2D", kernel_size=[3, 3]), L("Flatten"), L("Dense", units=2))
    both("normalization", "layer_last", (4, 5), lambda k: [L("LayerNormalization", axis=[2] if k == 2 else -1)])
    add("layer_two_axes", (4, 3, 5), L("LayerNormalization", axis=[2, 3]))
    add("layer_middle_axis", (4, 5), L("LayerNormalization", axis=[1]))
    add("layer_without_scale", (5,), L("LayerNormalization", scale=False))
    add("layer_without_center", (5,), L("LayerNormalization", center=False, epsilon=1e-6))
    add("layer_after_convolution", (5, 5, 2), L("Conv2D", filters=3, kernel_size=[2, 2]), L("LayerNormalization"))
    add("group_images", (3, 4, 6), L("GroupNormalization", groups=3))
    add("group_instance", (3, 4, 6), L("GroupNormalization", groups=-1))
    add("group_flat", (6,), L("GroupNormalization", groups=2))
    add("group_axis_1", (6, 4, 3), L("GroupNormalization", groups=2, axis=1, scale=False))
    add("unit", (4, 5), L("UnitNormalization"))
    add("unit_axes", (4, 3, 5), L("UnitNormalization", axis=[1, 3]))
    both("normalization", "feature", (5,), lambda k: [L("Normalization")])
    add("feature_images", (4, 4, 3), L("Normalization", axis=-1))
    add("feature_scalar", (5,), L("Normalization", axis=None))
    add("feature_axes", (4, 3, 2), L("Normalization", axis=[1, 3]))
    add("feature_given", (3,), L("Normalization", mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5]))
    add("feature_given_scalar", (3,), L("Normalization", mean=0.5, variance=2.0))
    add("feature_of_integers", {"shape": (4,), "dtype": "int32", "high": 9}, L("Normalization"), L("Dense", units=2))
    add("feature_inverted", (3,), L("Normalization", invert=True))


def merges(case, both, L):
    pair = [{"shape": (4, 3)}, {"shape": (4, 3)}]
    add = lambda name, inputs, *layers, keras=None: case("merges", name, inputs, layers, keras)
    for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        both("merges", kind.lower(), pair, lambda k, kind=kind: [L(kind).on("input_1", "input_2")])
    three = pair + [{"shape": (4, 3)}]
    for kind in ("Add", "Average", "Maximum", "Minimum"):
        add(f"{kind.lower()}_three", three, L(kind).on("input_1", "input_2", "input_3"))
    add("multiply_broadcast", [(4, 5, 3), (1, 1, 3)], L("Multiply").on("input_1", "input_2"))
    add("add_other_rank", [(4, 3), (3,)], L("Add").on("input_1", "input_2"))
    add("concatenate_axis_1", [(4, 3), (2, 3)], L("Concatenate", axis=1).on("input_1", "input_2"))
    add("concatenate_negative_axis", [(4, 2, 3), (4, 5, 3)], L("Concatenate", axis=-2).on("input_1", "input_2"))
    add("dot_vectors", [(4,), (4,)], L("Dot", axes=1).on("input_1", "input_2"))
    add("dot_cosine", [(4,), (4,)], L("Dot", axes=[1, 1], normalize=True).on("input_1", "input_2"))
    add("dot_sequences", [(4, 3), (5, 3)], L("Dot", axes=[2, 2]).on("input_1", "input_2"))
    add("dot_sequences_axis_1", [(4, 3), (4, 5)], L("Dot", axes=1).on("input_1", "input_2"))
    add("dot_sequence_vector", [(4, 3), (3,)], L("Dot", axes=[2, 1]).on("input_1", "input_2"))
    add("dot_vector_sequence", [(3,), (4, 3)], L("Dot", axes=[-1, -1]).on("input_1", "input_2"))
    conv = lambda **s: L("Conv2D", filters=4, kernel_size=[3, 3], padding="same", **s)
    add("residual_images", (6, 5, 4), conv(activation="relu").on("input_1"), L("Add").on("conv2d", "input_1"),
        L("MaxPooling2D").on("add"), L("Flatten").on("max_pooling2d"))
    add("squeeze_excite", (6, 5, 4), conv().on("input_1"), L("GlobalAveragePooling2D", keepdims=True).on("conv2d"),
        L("Dense", units=4, activation="sigmoid").on("global_average_pooling2d"), L("Multiply").on("conv2d", "dense"))
    add("concatenate_branches", (6, 5, 4), conv().on("input_1"), L("MaxPooling2D", pool_size=[3, 3], strides=[1, 1], padding="same").on("input_1"),
        L("Concatenate").on("conv2d", "max_pooling2d"), L("Flatten").on("concatenate"), L("Dense", units=2).on("flatten"))
    add("concatenate_rows_after_convolution", (6, 5, 4), conv().on("input_1"), L("Concatenate", axis=1).on("conv2d", "input_1"))


TOKENS = {"shape": (6,), "dtype": "int32", "high": 9}


def recurrent(case, both, L):
    add = lambda name, shape, *layers, keras=None: case("recurrent", name, shape, layers, keras)
    for kind in ("LSTM", "GRU", "SimpleRNN"):
        low = kind.lower()
        both("recurrent", low, (5, 3), lambda k, kind=kind: [L(kind, units=4)])
        both("recurrent", f"{low}_sequences", (5, 3), lambda k, kind=kind: [L(kind, units=4, return_sequences=True)])
        add(f"{low}_backwards", (5, 3), L(kind, units=4, go_backwards=True))
        add(f"{low}_backwards_sequences", (5, 3), L(kind, units=4, go_backwards=True, return_sequences=True))
        add(f"{low}_without_bias", (5, 3), L(kind, units=4, use_bias=False, return_sequences=True))
        add(f"{low}_open", (None, 3), L(kind, units=4, return_sequences=True), L(kind, units=3))
        for function in ("relu", "linear", "elu", "softsign", "softplus", "hard_sigmoid", "sigmoid"):
            add(f"{low}_{function}", (4, 3), L(kind, units=3, activation=function))
        if kind != "SimpleRNN":
            both("recurrent", f"{low}_hard_gates", (5, 3), lambda k, kind=kind: [L(kind, units=4, recurrent_activation="hard_sigmoid", return_sequences=True)])
            add(f"{low}_odd_gates", (5, 3), L(kind, units=4, recurrent_activation="softsign", activation="elu"))
    both("recurrent", "gru_reset_before", (5, 3), lambda k: [L("GRU", units=4, reset_after=False)])
    add("gru_reset_before_sequences", (5, 3), L("GRU", units=4, reset_after=False, return_sequences=True, use_bias=False))
    for mode in ("concat", "sum", "mul", "ave"):
        both("recurrent", f"bidirectional_{mode}", (5, 3), lambda k, mode=mode: [L("Bidirectional", merge_mode=mode, layer=L("LSTM", units=3))])
        add(f"bidirectional_{mode}_sequences", (5, 3), L("Bidirectional", merge_mode=mode, layer=L("GRU", units=3, return_sequences=True)))
    add("bidirectional_own_backward", (5, 3), L("Bidirectional", layer=L("LSTM", units=3), backward_layer=L("GRU", units=2, go_backwards=True)))
    add("bidirectional_stack", (5, 3), L("Bidirectional", layer=L("SimpleRNN", units=3, return_sequences=True)), L("Bidirectional", layer=L("LSTM", units=2)))
    both("recurrent", "embedding", TOKENS, lambda k: [L("Embedding", input_dim=9, output_dim=4), L("GlobalAveragePooling1D")])
    add("embedding_float_input", {"shape": (6,), "dtype": "float32", "high": 9}, L("Embedding", input_dim=9, output_dim=4), L("LSTM", units=3))
    add("embedding_open", {"shape": (None,), "dtype": "int64", "high": 9}, L("Embedding", input_dim=9, output_dim=4), L("LSTM", units=3))
    both("recurrent", "time_distributed_dense", (5, 3), lambda k: [L("TimeDistributed", layer=L("Dense", units=4, activation="relu"))])
    add("time_distributed_open", (None, 3), L("TimeDistributed", layer=L("Dense", units=4)), L("GRU", units=2))
    add("time_distributed_convolution", (3, 5, 4, 2), L("TimeDistributed", layer=L("Conv2D", filters=3, kernel_size=[2, 2])),
        L("TimeDistributed", layer=L("GlobalMaxPooling2D")), L("LSTM", units=3))
    add("time_distributed_flatten", (3, 4, 2), L("TimeDistributed", layer=L("Flatten")))
    add("time_distributed_batch", (3, 5), L("TimeDistributed", layer=L("BatchNormalization")))
    for kind, states in (("LSTM", 2), ("GRU", 1), ("SimpleRNN", 1)):
        coded = [f"{reference.snake(kind)}:{i + 1}" for i in range(states)]
        both("recurrent", f"{kind.lower()}_decoder", [(5, 3), (4, 2)], lambda k, kind=kind, coded=coded: [
            L(kind, units=3, return_state=True).on("input_1"), L(kind, units=3, return_sequences=True).on("input_2", *coded)])
    add("states_joined", [(5, 3)], L("LSTM", units=3, return_state=True, return_sequences=True, go_backwards=True).on("input_1"),
        L("Concatenate").on("lstm:1", "lstm:2"))
    add("bidirectional_states", [(5, 3)], L("Bidirectional", layer=L("LSTM", units=3, return_state=True)).on("input_1"),
        L("Concatenate").on("bidirectional", "bidirectional:2", "bidirectional:3"))
    for kind in ("LSTM", "GRU", "SimpleRNN"):
        add(f"rnn_of_{kind.lower()}_cell", (5, 3), L("RNN", cell=L(f"{kind}Cell", units=3), return_sequences=True))
    add("rnn_backwards", (5, 3), L("RNN", cell=L("GRUCell", units=3, reset_after=False), go_backwards=True))
    add("repeat_decoder", (4,), L("RepeatVector", n=3), L("LSTM", units=3, return_sequences=True), L("TimeDistributed", layer=L("Dense", units=2)))
    add("convolution_lstm", (12, 3), L("Conv1D", filters=4, kernel_size=[3]), L("MaxPooling1D", pool_size=[2]), L("LSTM", units=3), L("Dense", units=2, activation="softmax"))


def masks(case, both, L):
    add = lambda name, inputs, *layers, keras=None: case("masks", name, inputs, layers, keras)
    # padded behind, padded before, with a hole; then nothing but padding
    tokens = lambda *rows: {"shape": (6,), "dtype": "int32", "data": rows}
    ragged = tokens([3, 5, 1, 0, 0, 0], [0, 0, 2, 7, 8, 1], [4, 0, 6, 0, 2, 3])
    empty = tokens([3, 5, 1, 4, 2, 8], [0, 0, 0, 0, 0, 0], [0, 6, 0, 6, 0, 0])
    opened = dict(ragged, shape=(None,))
    embedding = lambda: L("Embedding", input_dim=9, output_dim=4, mask_zero=True)
    for kind in ("LSTM", "GRU", "SimpleRNN"):
        low = kind.lower()
        both("masks", f"{low}", ragged, lambda k, kind=kind: [embedding(), L(kind, units=3)])
        add(f"{low}_empty", empty, embedding(), L(kind, units=3))
        add(f"{low}_sequences", ragged, embedding(), L(kind, units=3, return_sequences=True))
        add(f"{low}_sequences_empty", empty, embedding(), L(kind, units=3, return_sequences=True))
        add(f"{low}_backwards", ragged, embedding(), L(kind, units=3, go_backwards=True))
        add(f"{low}_backwards_sequences", ragged, embedding(), L(kind, units=3, go_backwards=True, return_sequences=True))
        add(f"{low}_backwards_sequences_empty", empty, embedding(), L(kind, units=3, go_backwards=True, return_sequences=True))
    add("lstm_zero_output", ragged, embedding(), L("LSTM", units=3, return_sequences=True, zero_output_for_mask=True), keras=3)
    fractions = {"shape": (6,), "dtype": "float32", "data": [[0.5, 2, 0, 3.9, 0, 0], [0, 0, 1, 2, 3, 4], [1, 0.25, 0, 8, 8, 0]]}
    add("indices_of_floats", fractions, embedding(), L("LSTM", units=3))
    add("stack", ragged, embedding(), L("LSTM", units=3, return_sequences=True), L("Dropout", rate=0.2), L("GRU", units=2))
    add("open_time", opened, embedding(), L("GRU", units=3, return_sequences=True), L("LSTM", units=2))
    for mode in ("concat", "sum"):
        both("masks", f"bidirectional_{mode}", ragged, lambda k, mode=mode: [embedding(), L("Bidirectional", merge_mode=mode, layer=L("LSTM", units=3))])
        both("masks", f"bidirectional_{mode}_sequences", ragged, lambda k, mode=mode: [embedding(), L("Bidirectional", merge_mode=mode, layer=L("GRU", units=3, return_sequences=True))])
    add("bidirectional_empty", empty, embedding(), L("Bidirectional", layer=L("LSTM", units=3, return_sequences=True)), L("Bidirectional", layer=L("LSTM", units=2)))
    rows = [[[1, 2], [0, 0], [0, 3], [0, 0]], [[0, 0], [0, 0], [1, -1], [2, 2]], [[1, 1], [2, 0], [3, 1], [1, 4]]]
    both("masks", "masking", {"shape": (4, 2), "data": rows}, lambda k: [L("Masking", mask_value=0.0), L("LSTM", units=3)])
    add("masking_value", {"shape": (4, 2), "data": rows}, L("Masking", mask_value=1.0), L("GRU", units=3, return_sequences=True))
    add("masking_alone", {"shape": (4, 2), "data": rows}, L("Masking", mask_value=1.0), L("Dense", units=3))
    average = tokens([3, 5, 1, 0, 0, 0], [0, 0, 2, 7, 8, 1], [4, 0, 6, 0, 2, 3])
    both("masks", "average_over_time", average, lambda k: [embedding(), L("Dense", units=3, activation="tanh"), L("GlobalAveragePooling1D")])
    add("average_over_time_keepdims", average, embedding(), L("GlobalAveragePooling1D", keepdims=True))
    add("time_distributed", ragged, embedding(), L("LSTM", units=3, return_sequences=True), L("TimeDistributed", layer=L("Dense", units=2)), L("GRU", units=2))
    add("through_normalization", ragged, embedding(), L("LayerNormalization"), L("BatchNormalization"), L("Activation", activation="tanh"), L("LSTM", units=3))
    add("residual", ragged, embedding().on("input_1"), L("LSTM", units=4, return_sequences=True).on("embedding"), L("Add").on("embedding", "lstm"),
        L("GRU", units=2).on("add"))
    add("side_by_side", ragged, embedding().on("input_1"), L("LSTM", units=2, return_sequences=True).on("embedding"),
        L("Concatenate").on("embedding", "lstm"), L("GRU", units=2).on("concatenate"))
    add("stops_at_convolution", ragged, embedding(), L("Conv1D", filters=3, kernel_size=[2]), L("LSTM", units=2), keras=3)


def attention(case, both, L):
    add = lambda name, inputs, *layers, keras=None: case("attention", name, inputs, layers, keras)
    two = [(4, 5), (3, 5)]
    both("attention", "dot", two, lambda k: [L("Attention").on("input_1", "input_2")])
    add("dot_scaled", two, L("Attention", use_scale=True).on("input_1", "input_2"))
    add("dot_with_keys", [(4, 5), (3, 2), (3, 5)], L("Attention").on("input_1", "input_2", "input_3"))
    add("dot_open", [(None, 5), (None, 5)], L("Attention").on("input_1", "input_2"))
    add("concat_scores", two, L("Attention", score_mode="concat").on("input_1", "input_2"))
    add("concat_scores_scaled", two, L("Attention", score_mode="concat", use_scale=True).on("input_1", "input_2"))
    both("attention", "additive", two, lambda k: [L("AdditiveAttention").on("input_1", "input_2")])
    add("additive_plain", two, L("AdditiveAttention", use_scale=False).on("input_1", "input_2"))
    heads = lambda **s: L("MultiHeadAttention", **{"num_heads": 2, "key_dim": 3, **s})
    both("attention", "self", (4, 5), lambda k: [heads().on("input_1", "input_1")])
    both("attention", "cross", two, lambda k: [heads(value_dim=4).on("input_1", "input_2")])
    add("heads_without_bias", (4, 5), heads(use_bias=False).on("input_1", "input_1"))
    add("heads_output", (4, 5), heads(output_shape=[7]).on("input_1", "input_1"))
    add("heads_open", (None, 5), heads().on("input_1", "input_1"))
    both("attention", "causal", (4, 5), lambda k: [heads().on("input_1", "input_1", use_causal_mask=True)])
    add("transformer", TOKENS, L("Embedding", input_dim=9, output_dim=4).on("input_1"), heads(key_dim=2).on("embedding", "embedding"),
        L("Add").on("embedding", "multi_head_attention"), L("LayerNormalization", epsilon=1e-6).on("add"),
        L("Dense", units=8, activation="gelu").on("layer_normalization"), L("Dense", units=4).on("dense"),
        L("Add").on("layer_normalization", "dense_1"), L("LayerNormalization", epsilon=1e-6).on("add_1"),
        L("GlobalAveragePooling1D").on("layer_normalization_1"), L("Dense", units=2, activation="softmax").on("global_average_pooling1d"))


def functions(case, both, L, Function):
    add = lambda name, inputs, *layers: [case("functions", f"{name}_k{k}", inputs, layers, k) for k in (2, 3)]
    add("preprocess", (4, 4, 3), Function("math.truediv", "TrueDivide", "input_1", 2.5),
        Function("math.subtract", "Subtract", "tf_op_lambda", 1.0), L("Conv2D", filters=2, kernel_size=[2, 2]).on("tf_op_lambda_1"))
    add("per_channel", (4, 4, 3), L("Conv2D", filters=3, kernel_size=[2, 2]).on("input_1"),
        Function("nn.bias_add", "Add", "conv2d", [0.5, -1.0, 2.0]), Function("math.multiply", "Multiply", "tf_op_lambda", [[[2.0, 1.0, 0.5]]]))
    add("constant_first", (4, 3), Function("math.subtract", "Subtract", 1.0, "input_1"))
    add("residual", (4, 4, 3), L("Conv2D", filters=3, kernel_size=[3, 3], padding="same").on("input_1"),
        Function("__operators__.add", "Add", "conv2d", "input_1"), Function("nn.relu", "Relu", "tf_op_lambda"))
    add("other_rank", [(4, 3), (3,)], Function("math.multiply", "Multiply", "input_1", "input_1"),
        Function("math.maximum", "Maximum", "tf_op_lambda", 0.25))
    add("hard_swish", (3, 3, 2), L("Conv2D", filters=2, kernel_size=[1, 1]).on("input_1"), Function("__operators__.add", "Add", "conv2d", 3.0),
        L("ReLU", max_value=6.0).on("tf_op_lambda"), Function("math.multiply", "Multiply", "re_lu", 1 / 6),
        L("Multiply").on("conv2d", "tf_op_lambda_1"))
    add("mean_of_images", (4, 3, 2), L("Conv2D", filters=3, kernel_size=[2, 2]).on("input_1"),
        Function("math.reduce_mean", "Mean", "conv2d", axis=[1, 2], keepdims=True))
    add("sum_of_steps", (4, 3), Function("math.reduce_sum", "Sum", "input_1", axis=1, keepdims=False))
    add("maximum_of_features", (4, 3), Function("math.reduce_max", "Max", "input_1", axis=-1, keepdims=False))
    add("joined", [(4, 3), (4, 2)], Function("concat", "Concatenate", ["input_1", "input_2"], axis=-1))
    add("norm", (5,), Function("math.square", "Square", "input_1"), Function("math.reduce_sum", "Sum", "tf_op_lambda", axis=-1, keepdims=True),
        Function("math.sqrt", "Sqrt", "tf_op_lambda_1"), Function("math.truediv", "TrueDivide", "input_1", "tf_op_lambda_2"))
