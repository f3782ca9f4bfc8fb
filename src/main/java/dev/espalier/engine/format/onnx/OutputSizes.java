package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many channels the values of a graph have after some weights took another shape. A product
 * decides the channels of its result, whatever it reads; element-wise operators, normalisation and
 * pooling keep them; behind anything else that reads a changed value sizes are not known.
 */
final class OutputSizes {
  private static final Set<String> KEEPING =
      Set.of(
          "Abs",
          "AveragePool",
          "BatchNormalization",
          "Cast",
          "Celu",
          "Clip",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "MaxPool",
          "Mish",
          "Neg",
          "PRelu",
          "QuantizeLinear",
          "DequantizeLinear",
          "Reciprocal",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tanh",
          "ThresholdedRelu");
  private static final Set<String> MOVING =
      Set.of("Cast", "DequantizeLinear", "Identity", "QuantizeLinear", "Transpose");
  private static final Set<String> COMBINING =
      Set.of("Add", "Sub", "Mul", "Div", "Sum", "Max", "Min", "Mean", "Pow");

  /**
   * A value whose size is another than before.
   *
   * @param known whether it is known
   * @param fromEnd whether the channels are the last axis; otherwise the second
   * @param channels their number
   */
  record Size(boolean known, boolean fromEnd, long channels) {
    static final Size UNKNOWN = new Size(false, false, 0);

    /** The axis of the channels in a value of some rank. */
    int axis(int rank) {
      return fromEnd ? rank - 1 : 1;
    }
  }

  private final Graph graph;
  private final Map<String, Tensor> changed;
  private final Map<String, Node> writers = new HashMap<>();
  private final Map<String, Size> sizes = new HashMap<>();

  private OutputSizes(Graph graph, Map<String, Tensor> changed) {
    this.graph = graph;
    this.changed = changed;
    graph.nodes().forEach(node -> node.outputs().forEach(output -> writers.put(output, node)));
  }

  /**
   * The values whose size changes, by name.
   *
   * @param changed tensors of another shape by initializer name
   */
  static Map<String, Size> of(Graph graph, Map<String, Tensor> changed) {
    OutputSizes sizes = new OutputSizes(graph, changed);
    graph.nodes().forEach(sizes::visit);
    return sizes.sizes;
  }

  private void visit(Node node) {
    Optional<Size> size = size(node);
    size.ifPresent(s -> node.outputs().forEach(output -> sizes.put(output, s)));
  }

  private Optional<Size> size(Node node) {
    return switch (node.operator()) {
      case "Conv", "ConvInteger" -> channels(node, 1, 0, false, 1);
      case "QLinearConv" -> channels(node, 3, 0, false, 1);
      case "ConvTranspose" -> channels(node, 1, 1, false, node.integer("group", 1));
      case "Gemm" -> channels(node, 1, node.integer("transB", 0) == 0 ? 1 : 0, true, 1);
      case "MatMul", "MatMulInteger" -> channels(node, 1, -1, true, 1);
      case "QLinearMatMul" -> channels(node, 3, -1, true, 1);
      default -> handedOn(node);
    };
  }

  private Optional<Size> handedOn(Node node) {
    Set<Size> read = read(node);
    boolean keeps = KEEPING.contains(node.operator()) || COMBINING.contains(node.operator());
    if (keeps && read.size() <= 1) {
      return read.stream().findFirst();
    }
    boolean same = read.isEmpty() && node.inputs().stream().noneMatch(changed::containsKey);
    return same ? Optional.empty() : Optional.of(Size.UNKNOWN);
  }

  private Set<Size> read(Node node) {
    Set<Size> read = new HashSet<>();
    node.inputs().stream().filter(sizes::containsKey).map(sizes::get).forEach(read::add);
    return read;
  }

  private Optional<Size> channels(Node node, int slot, int axis, boolean fromEnd, long group) {
    Stored weights = stored(new Stored(node.input(slot).orElse(""), axis));
    Tensor was = graph.initializers().get(weights.tensor());
    if (was == null) {
      return read(node).isEmpty() ? Optional.empty() : Optional.of(Size.UNKNOWN);
    }
    Tensor is = changed.getOrDefault(weights.tensor(), was);
    return is.dimension(weights.axis()) == was.dimension(weights.axis())
        ? Optional.empty()
        : Optional.of(new Size(true, fromEnd, group * is.dimension(weights.axis())));
  }

  /** An axis of a value, of an initializer where it comes from one. */
  private record Stored(String tensor, int axis) {}

  /** Goes back through what only moves axes or changes element types. */
  private Stored stored(Stored from) {
    Stored found = from;
    for (Node writer = writers.get(from.tensor());
        writer != null && MOVING.contains(writer.operator());
        writer = writers.get(found.tensor())) {
      long[] perm = writer.integers("perm");
      int axis = found.axis() < 0 ? found.axis() + perm.length : found.axis();
      boolean moves = axis >= 0 && axis < perm.length;
      found = new Stored(writer.inputs().get(0), moves ? (int) perm[axis] : found.axis());
    }
    return found;
  }
}
