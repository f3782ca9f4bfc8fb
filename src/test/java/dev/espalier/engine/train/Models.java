package dev.espalier.engine.train;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/** Builds graphs for tests, node after node; each node reads what the one before wrote. */
public final class Models {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final ValueInfo input;
  private final Random random = new Random(42);
  private String last;

  private Models(long... sample) {
    List<Long> dimensions = new ArrayList<>(List.of(ValueInfo.UNKNOWN));
    LongStream.of(sample).forEach(dimensions::add);
    input = new ValueInfo("x", DataType.FLOAT, dimensions);
    last = "x";
  }

  /** A model of samples shaped {@code sample}. */
  public static Models of(long... sample) {
    return new Models(sample);
  }

  /** Multi-layer perceptron with ReLU between the layers. */
  public static Graph mlp(long... widths) {
    Models model = of(widths[0]);
    for (int i = 1; i < widths.length; i++) {
      model.dense("fc" + i, widths[i - 1], widths[i]);
      if (i < widths.length - 1) {
        model.then("Relu");
      }
    }
    return model.build();
  }

  /** The guide's network: Conv32-Pool-Conv64-Pool-Dense64-Dropout-Dense10 on 28×28 images. */
  public static Graph guideCnn() {
    Attribute two = new Attribute.Ints(List.of(2L, 2L));
    Map<String, Attribute> pool = Map.of("kernel_shape", two, "strides", two);
    return of(1, 28, 28)
        .conv("conv1", Map.of(), 32, 1, 3, 3)
        .then("Relu")
        .then("MaxPool", pool)
        .conv("conv2", Map.of(), 64, 32, 3, 3)
        .then("Relu")
        .then("MaxPool", pool)
        .then("Flatten")
        .dense("fc1", 1600, 64)
        .then("Relu")
        .then("Dropout", Map.of("ratio", new Attribute.Real(0.5f)))
        .dense("fc2", 64, 10)
        .then("Softmax")
        .build();
  }

  /** One convolution with its pooling, dropout and one dense layer; 8×8 images of 3 classes. */
  public static Graph tinyCnn() {
    Attribute two = new Attribute.Ints(List.of(2L, 2L));
    return of(1, 8, 8)
        .conv("conv1", Map.of(), 4, 1, 3, 3)
        .then("Relu")
        .then("MaxPool", Map.of("kernel_shape", two, "strides", two))
        .then("Flatten")
        .then("Dropout")
        .dense("fc", 36, 3)
        .build();
  }

  /** Appends a node without attributes. */
  public Models then(String operator, String... more) {
    return then(operator, Map.of(), more);
  }

  /** Appends a node that reads the last value, then {@code more}. */
  public Models then(String operator, Map<String, Attribute> attributes, String... more) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(List.of(more));
    last = "v" + nodes.size();
    nodes.add(new Node("n" + nodes.size(), operator, inputs, List.of(last), attributes));
    return this;
  }

  /** Adds a flattened view of a tensor, beside what the next node reads. */
  public Models view(String tensor, String name) {
    Map<String, Attribute> toVector = Map.of("axes", new Attribute.Ints(List.of(0L)));
    nodes.add(new Node(name, "Squeeze", List.of(tensor), List.of(name), toVector));
    return this;
  }

  /** Appends a batch normalisation with scales around 1, as if trained. */
  public Models norm(String name, long channels) {
    parameter(name + ".scale", Parameter.Role.NORMALIZATION, 0.2, channels);
    Tensor scale = initializers.get(name + ".scale");
    Tensor variance = Tensor.zeros(DataType.FLOAT, channels);
    for (int c = 0; c < channels; c++) {
      scale.floats().put(c, 1 + scale.floats().get(c));
      variance.floats().put(c, 1 + random.nextFloat());
    }
    parameter(name + ".shift", Parameter.Role.NORMALIZATION, 0.1, channels);
    parameter(name + ".mean", Parameter.Role.NORMALIZATION, 0.1, channels);
    parameter(name + ".var", Parameter.Role.NORMALIZATION, 0, channels);
    constant(name + ".var", variance);
    return then(
        "BatchNormalization", name + ".scale", name + ".shift", name + ".mean", name + ".var");
  }

  /** Goes on from an earlier value. */
  public Models from(String value) {
    last = value;
    return this;
  }

  /** Appends a fully connected layer. */
  public Models dense(String name, long in, long out) {
    parameter(name + ".weight", Parameter.Role.KERNEL, Math.sqrt(2.0 / in), out, in);
    parameter(name + ".bias", Parameter.Role.BIAS, 0.01, out);
    return then("Gemm", Map.of("transB", new Attribute.Int(1)), name + ".weight", name + ".bias");
  }

  /** Appends a convolution. */
  public Models conv(String name, Map<String, Attribute> attributes, long... kernel) {
    double fanIn = Tensor.elements(kernel) / (double) kernel[0];
    parameter(name + ".weight", Parameter.Role.KERNEL, Math.sqrt(2.0 / fanIn), kernel);
    parameter(name + ".bias", Parameter.Role.BIAS, 0.01, kernel[0]);
    return then("Conv", attributes, name + ".weight", name + ".bias");
  }

  /** Adds a trained tensor of normally distributed values. */
  public Models parameter(String name, Parameter.Role role, double deviation, long... shape) {
    parameters.add(new Parameter(name, name, name.split("\\.")[0], role));
    return constant(name, normal(random, deviation, shape));
  }

  /** Adds or replaces an initializer. */
  public Models constant(String name, Tensor tensor) {
    initializers.put(name, tensor);
    return this;
  }

  /** A tensor of normally distributed values. */
  public static Tensor normal(Random random, double deviation, long... shape) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) (deviation * random.nextGaussian()));
    }
    return tensor;
  }

  /** The last value's name, for nodes that read an earlier one. */
  public String last() {
    return last;
  }

  /** The graph. */
  public Graph build() {
    return build(17);
  }

  /** The graph under a version of the operators. */
  public Graph build(int opset) {
    ValueInfo output = new ValueInfo(last, DataType.FLOAT, List.of(-1L, -1L));
    return new Graph(opset, List.of(input), List.of(output), nodes, initializers, parameters);
  }
}
