package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** Builds graphs with branches and random weights; every method gives the name of its result. */
final class Net {
  private static final int OPSET = 17;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final Random random = new Random(7);

  /** An input of samples shaped {@code sample}. */
  String input(String name, long... sample) {
    List<Long> dimensions = new ArrayList<>(List.of(ValueInfo.UNKNOWN));
    LongStream.of(sample).forEach(dimensions::add);
    inputs.add(new ValueInfo(name, DataType.FLOAT, dimensions));
    return name;
  }

  static Attribute ints(long... values) {
    return new Attribute.Ints(Arrays.stream(values).boxed().toList());
  }

  static Attribute integer(long value) {
    return new Attribute.Int(value);
  }

  String node(String operator, Map<String, Attribute> attributes, String... read) {
    String name = operator + nodes.size();
    nodes.add(new Node(name, operator, List.of(read), List.of(name), attributes));
    return name;
  }

  String node(String operator, String... read) {
    return node(operator, Map.of(), read);
  }

  /** A node with several results, called {@code name/0} and so on. */
  List<String> nodes(String operator, Map<String, Attribute> attributes, int n, String... read) {
    String name = operator + nodes.size();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      results.add(name + "/" + i);
    }
    nodes.add(new Node(name, operator, List.of(read), results, attributes));
    return results;
  }

  /** A trained tensor of normally distributed numbers. */
  String weights(String name, Role role, long... shape) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    double scale = role == Role.KERNEL ? Math.sqrt(2.0 * shape[0] / tensor.size()) : 0.5;
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) (scale * random.nextGaussian()));
    }
    parameters.add(new Parameter(name, name, name.substring(0, name.indexOf('.')), role));
    return constant(name, tensor);
  }

  String constant(String name, Tensor tensor) {
    initializers.put(name, tensor);
    return name;
  }

  String integers(String name, long... values) {
    return constant(name, Tensor.of(values, values.length));
  }

  /** A convolution with a bias and as many pixels as before. */
  String conv(String x, String name, long in, long out, long size, long groups) {
    long pad = size / 2;
    return node(
        "Conv",
        Map.of("pads", ints(pad, pad, pad, pad), "group", integer(groups)),
        x,
        weights(name + ".weight", Role.KERNEL, out, in / groups, size, size),
        weights(name + ".bias", Role.BIAS, out));
  }

  String conv(String x, String name, long in, long out, long size) {
    return conv(x, name, in, out, size, 1);
  }

  /** A convolution without bias, and its normalisation. */
  String convBn(String x, String name, long in, long out, long size, long groups) {
    long pad = size / 2;
    String y =
        node(
            "Conv",
            Map.of("pads", ints(pad, pad, pad, pad), "group", integer(groups)),
            x,
            weights(name + ".weight", Role.KERNEL, out, in / groups, size, size));
    return bn(y, name, out);
  }

  String bn(String x, String name, long channels) {
    String variance = weights(name + ".var", Role.NORMALIZATION, channels);
    Tensor tensor = initializers.get(variance);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, 0.5f + Math.abs(tensor.floats().get(i)));
    }
    return node(
        "BatchNormalization",
        x,
        weights(name + ".scale", Role.NORMALIZATION, channels),
        weights(name + ".shift", Role.NORMALIZATION, channels),
        weights(name + ".mean", Role.NORMALIZATION, channels),
        variance);
  }

  String dense(String x, String name, long in, long out) {
    return node(
        "Gemm",
        Map.of("transB", integer(1)),
        x,
        weights(name + ".weight", Role.KERNEL, out, in),
        weights(name + ".bias", Role.BIAS, out));
  }

  /** MatMul and Add, as TensorFlow's exporters write dense layers. */
  String matMul(String x, String name, long in, long out) {
    String product = node("MatMul", x, weights(name + ".weight", Role.KERNEL, in, out));
    return node("Add", product, weights(name + ".bias", Role.BIAS, out));
  }

  String pool(String x) {
    return node("MaxPool", Map.of("kernel_shape", ints(2, 2), "strides", ints(2, 2)), x);
  }

  /** Global pooling and a classifier of 3 classes. */
  Graph classified(String x, long channels) {
    String pooled = node("GlobalAveragePool", x);
    return build(dense(node("Flatten", pooled), "head", channels, 3));
  }

  Graph build(String... outputs) {
    return build(OPSET, outputs);
  }

  Graph build(int opset, String... outputs) {
    List<ValueInfo> declared =
        Arrays.stream(outputs)
            .map(
                o ->
                    new ValueInfo(o, DataType.FLOAT, List.of(ValueInfo.UNKNOWN, ValueInfo.UNKNOWN)))
            .toList();
    return new Graph(opset, inputs, declared, nodes, initializers, parameters);
  }
}
