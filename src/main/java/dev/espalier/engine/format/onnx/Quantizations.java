package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.FiniteWeights;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Quantization;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How integer constants stand for real numbers, from the operators that read them (ONNX operator
 * specification). Operators of the {@code QLinear} family and {@code DequantizeLinear} name scale
 * and zero point; {@code MatMulInteger} and {@code ConvInteger} name the zero point alone, the
 * scale is a factor that their result is multiplied with later, as dynamic quantisation writes it:
 * {@code Mul(Cast(MatMulInteger(x, w)), Mul(xScale, wScale))}.
 */
final class Quantizations {
  /** Types a weight is quantised to, and that of a bias. */
  private static final Set<DataType> TYPES =
      Set.of(DataType.INT8, DataType.UINT8, DataType.INT16, DataType.UINT16, DataType.INT32);

  private final Map<String, Tensor> initializers;
  private final Set<String> scales = new HashSet<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Map<String, Node> writers = new HashMap<>();

  Quantizations(List<Node> nodes, Map<String, Tensor> initializers) {
    this.initializers = initializers;
    for (Node node : nodes) {
      node.outputs().forEach(name -> writers.put(name, node));
      node.inputs()
          .forEach(name -> readers.computeIfAbsent(name, k -> new ArrayList<>()).add(node));
    }
  }

  /** What a constant is after a node that hands its elements on. */
  Origin after(Node node, Origin origin) {
    return switch (node.operator()) {
      case "DequantizeLinear" -> dequantizing(node, origin).map(origin::dequantized).orElse(origin);
      case "Identity", "Cast", "QuantizeLinear" -> origin;
      default -> origin.moved();
    };
  }

  /** How a constant is quantised that {@code node} reads as its input {@code slot}. */
  Optional<Quantization> at(Node node, int slot, Origin origin) {
    if (origin.quantization() != null) {
      return Optional.of(origin.quantization());
    }
    int last = rank(origin) - 1;
    return switch (node.operator()) {
      case "QLinearConv" ->
          slot == 8 ? biasOf(node, origin) : named(origin, node.input(4), node.input(5), 0);
      case "QLinearMatMul" ->
          named(origin, node.input(slot + 1), node.input(slot + 2), slot == 0 ? last - 1 : last);
      case "MatMulInteger" ->
          named(origin, factor(node, slot), node.input(slot + 2), slot == 0 ? last - 1 : last);
      case "ConvInteger" -> named(origin, factor(node, slot), node.input(3), 0);
      case "Gather" ->
          reader(node).filter(r -> r.operator().equals("DequantizeLinear")).stream()
              .flatMap(r -> dequantizing(r, origin.moved()).stream())
              .findFirst();
      default -> Optional.empty();
    };
  }

  private int rank(Origin origin) {
    return tensor(origin.tensor()).map(Tensor::rank).orElse(0);
  }

  private Optional<Quantization> dequantizing(Node node, Origin origin) {
    if (node.integer("block_size", 0) != 0) {
      return Optional.empty();
    }
    long axis = node.integer("axis", 1);
    return named(
        origin, node.input(1), node.input(2), (int) (axis < 0 ? axis + rank(origin) : axis));
  }

  /** The bias of a QLinearConv counts in steps of the product of two scales and has no zero. */
  private Optional<Quantization> biasOf(Node node, Origin origin) {
    return named(origin, node.input(4), Optional.empty(), 0);
  }

  private Optional<Quantization> named(
      Origin origin, Optional<String> scale, Optional<String> zeroPoint, int axis) {
    Tensor tensor = initializers.get(origin.tensor());
    if (tensor == null || !TYPES.contains(tensor.type()) || scale.isEmpty()) {
      return Optional.empty();
    }
    long channels =
        origin.inPlace() && axis >= 0 && axis < tensor.rank() ? tensor.dimension(axis) : 1;
    boolean fits =
        tensor(scale.get())
                .filter(s -> s.type().isReal() && (s.size() == 1 || s.size() == channels))
                .isPresent()
            && (zeroPoint.isEmpty()
                || tensor(zeroPoint.get())
                    .filter(z -> z.type() == tensor.type())
                    .filter(z -> z.size() == 1 || z.size() == channels)
                    .isPresent());
    if (!fits) {
      return Optional.empty();
    }
    tensor(scale.get()).ifPresent(s -> FiniteWeights.require(s, "scale '" + scale.get() + "'"));
    scales.add(scale.get());
    return Optional.of(new Quantization(scale.get(), zeroPoint.orElse(null), axis));
  }

  /** Whether a constant was found to be the scale of another. */
  boolean isScale(String name) {
    return scales.contains(name);
  }

  private Optional<Tensor> tensor(String name) {
    return Optional.ofNullable(initializers.get(name));
  }

  /** The constant factor of the scale that a product of integers is multiplied with. */
  private Optional<String> factor(Node product, int slot) {
    if (slot > 1) {
      return Optional.empty();
    }
    Node cast = reader(product).filter(n -> n.operator().equals("Cast")).orElse(null);
    Node scaled =
        cast == null ? null : reader(cast).filter(n -> n.operator().equals("Mul")).orElse(null);
    if (cast == null || scaled == null) {
      return Optional.empty();
    }
    String result = cast.outputs().get(0);
    String scale = scaled.inputs().get(scaled.inputs().get(0).equals(result) ? 1 : 0);
    @Nullable Node factors = writers.get(scale);
    return factors == null || !factors.operator().equals("Mul")
        ? Optional.empty()
        : factors.inputs().stream().filter(initializers::containsKey).findFirst();
  }

  /** The only node that reads a node's first result. */
  private Optional<Node> reader(Node node) {
    List<Node> found = readers.getOrDefault(node.outputs().get(0), List.of());
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }
}
