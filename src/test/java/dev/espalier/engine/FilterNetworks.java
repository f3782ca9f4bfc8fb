package dev.espalier.engine;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.train.Models;
import java.util.Arrays;
import java.util.Map;

/**
 * The kinds of networks whose channels are coupled in different ways, untrained. All but the
 * perceptron take pictures.
 *
 * @param planes of a picture
 * @param size height and width of a picture, a multiple of 4
 * @param width channels of the narrow layers; the wide ones have twice as many
 * @param classes outputs
 */
record FilterNetworks(int planes, int size, int width, int classes) {
  private static final Map<String, Attribute> POOL =
      Map.of("kernel_shape", ints(2, 2), "strides", ints(2, 2));

  /** Convolutions one after the other, then a dense layer on the flattened map: VGG's kind. */
  Graph chain() {
    Models model = Models.of(planes, size, size);
    unit(model, "conv1", planes, width, 3, 1).then("MaxPool", POOL);
    unit(model, "conv2", width, 2 * width, 3, 1).then("MaxPool", POOL);
    unit(model, "conv3", 2 * width, 2 * width, 3, 1);
    long pixels = (size / 4L) * (size / 4L);
    model.then("Flatten").dense("fc1", 2 * width * pixels, 4L * width).then("Relu");
    return model.dense("fc2", 4L * width, classes).build();
  }

  /** A stem, a block with an identity and a block with a projection as its shortcut. */
  Graph residual() {
    Models model = Models.of(planes, size, size);
    String stem = unit(model, "stem", planes, width, 3, 1).last();
    unit(model, "block1a", width, width, 3, 1);
    String first = conv(model, "block1b", width, width, 3, 1).then("Add", stem).then("Relu").last();
    String shortcut = conv(model, "shortcut", width, 2 * width, 1, 2).last();
    model.from(first);
    unit(model, "block2a", width, 2 * width, 3, 2);
    conv(model, "block2b", 2 * width, 2 * width, 3, 1).then("Add", shortcut).then("Relu");
    return head(model, 2 * width);
  }

  /** Two branches that are concatenated. */
  Graph concatenation() {
    Models model = Models.of(planes, size, size);
    String stem = unit(model, "stem", planes, width, 3, 1).last();
    String pointwise = unit(model, "branch1", width, width, 1, 1).last();
    model.from(stem);
    unit(model, "branch2", width, width, 3, 1);
    model.then("Concat", Map.of("axis", new Attribute.Int(1)), pointwise).then("MaxPool", POOL);
    unit(model, "conv", 2 * width, 2 * width, 3, 1);
    return head(model, 2 * width);
  }

  /** Depthwise convolutions, each followed by one of single pixels: MobileNet's kind. */
  Graph separable() {
    Models model = Models.of(planes, size, size);
    unit(model, "stem", planes, width, 3, 1);
    depthwise(model, "depthwise1", width, 1);
    unit(model, "pointwise1", width, 2 * width, 1, 1);
    depthwise(model, "depthwise2", 2 * width, 2);
    unit(model, "pointwise2", 2 * width, 2 * width, 1, 1);
    return head(model, 2 * width);
  }

  /** Dense layers with sigmoids between them, whose removed neurons emit 1/2. */
  Graph perceptron() {
    long inputs = (long) planes * size * size;
    return Models.of(planes, size, size)
        .then("Flatten")
        .dense("fc1", inputs, 8L * width)
        .then("Sigmoid")
        .dense("fc2", 8L * width, 8L * width)
        .then("Sigmoid")
        .dense("fc3", 8L * width, 4L * width)
        .then("Sigmoid")
        .dense("fc4", 4L * width, classes)
        .build();
  }

  private Graph head(Models model, int channels) {
    return model.then("GlobalAveragePool").then("Flatten").dense("fc", channels, classes).build();
  }

  private static Models unit(Models model, String name, int in, int out, int kernel, int stride) {
    return conv(model, name, in, out, kernel, stride).then("Relu");
  }

  private static Models conv(Models model, String name, int in, int out, int kernel, int stride) {
    return model
        .conv(name, window(kernel, stride, 1), out, in, kernel, kernel)
        .norm(name + "_bn", out);
  }

  private static void depthwise(Models model, String name, int channels, int stride) {
    model
        .conv(name, window(3, stride, channels), channels, 1, 3, 3)
        .norm(name + "_bn", channels)
        .then("Relu");
  }

  private static Map<String, Attribute> window(int kernel, int stride, int groups) {
    long pad = kernel / 2;
    return Map.of(
        "pads", ints(pad, pad, pad, pad),
        "strides", ints(stride, stride),
        "group", new Attribute.Int(groups));
  }

  private static Attribute ints(long... values) {
    return new Attribute.Ints(Arrays.stream(values).boxed().toList());
  }
}
