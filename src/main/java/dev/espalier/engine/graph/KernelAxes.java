package dev.espalier.engine.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which axes of a kernel its outputs and its inputs lie along, from the operators that read it
 * (ONNX operator specification). Axes that are neither are the window's, the gates' directions or a
 * batch of matrices.
 *
 * @param output axis of the output channels, neurons or gates; of those of one group for a
 *     transposed convolution
 * @param input axis that one output sums over; of one group's channels for a convolution
 */
public record KernelAxes(int output, int input) {

  /** Operators behind which elements stand where they stood. */
  private static final Set<String> IN_PLACE =
      Set.of("Identity", "Cast", "QuantizeLinear", "DequantizeLinear");

  /**
   * The axes of every kernel whose readers agree on them. Left out are tensors that are reshaped,
   * sliced or joined on their way, and those read by operators that have no such axes, such as
   * {@code Einsum}.
   *
   * @return by initializer name
   */
  public static Map<String, KernelAxes> of(Graph graph) {
    Map<String, View> views = new HashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) ->
                views.put(
                    name, new View(name, IntStream.range(0, tensor.rank()).boxed().toList())));
    Map<String, Set<Optional<KernelAxes>>> found = new HashMap<>();
    for (Node node : graph.nodes()) {
      View first = node.input(0).map(views::get).orElse(null);
      if (first != null && handedOn(node, first, views)) {
        continue;
      }
      for (int slot = 0; slot < node.inputs().size(); slot++) {
        View view = views.get(node.inputs().get(slot));
        if (view != null) {
          found
              .computeIfAbsent(view.tensor(), name -> new HashSet<>())
              .add(at(node, slot, view.axes().size()).map(view::original));
        }
      }
    }
    Map<String, KernelAxes> axes = new HashMap<>();
    found.forEach(
        (name, uses) -> {
          if (uses.size() == 1) {
            uses.iterator().next().ifPresent(a -> axes.put(name, a));
          }
        });
    return axes;
  }

  /**
   * A constant as an operator sees it.
   *
   * @param axes of the initializer, in the order in which they are seen
   */
  private record View(String tensor, List<Integer> axes) {
    KernelAxes original(KernelAxes seen) {
      return new KernelAxes(axes.get(seen.output()), axes.get(seen.input()));
    }
  }

  private static boolean handedOn(Node node, View view, Map<String, View> views) {
    @Nullable View result =
        IN_PLACE.contains(node.operator())
            ? view
            : node.operator().equals("Transpose") ? transposed(node, view) : null;
    if (result != null) {
      node.outputs().forEach(output -> views.put(output, result));
    }
    return result != null;
  }

  private static View transposed(Node node, View view) {
    int rank = view.axes().size();
    long[] reversed = IntStream.range(0, rank).mapToLong(axis -> rank - 1 - axis).toArray();
    long[] order = node.integers("perm", reversed);
    return new View(
        view.tensor(),
        IntStream.range(0, rank).mapToObj(i -> view.axes().get((int) order[i])).toList());
  }

  /**
   * The axes of a tensor of {@code rank} axes that {@code node} reads as its input {@code slot};
   * empty where it is no kernel there, or one whose axes do not say.
   */
  public static Optional<KernelAxes> at(Node node, int slot, int rank) {
    return switch (node.operator()) {
      case "Conv", "DeformConv", "ConvInteger" -> axes(slot == 1 && rank > 1, 0, 1);
      case "QLinearConv" -> axes(slot == 3 && rank > 1, 0, 1);
      case "ConvTranspose" -> axes(slot == 1 && rank > 1, 1, 0);
      case "Gemm" ->
          slot == 0
              ? matrix(rank, node.integer("transA", 0) != 0)
              : right(slot == 1, rank, node.integer("transB", 0) == 0);
      case "MatMul", "MatMulInteger" ->
          slot == 0 ? matrix(rank, false) : right(slot == 1, rank, true);
      case "QLinearMatMul" -> slot == 0 ? matrix(rank, false) : right(slot == 3, rank, true);
      case "LSTM", "GRU", "RNN" -> axes((slot == 1 || slot == 2) && rank == 3, 1, 2);
      default -> Optional.empty();
    };
  }

  private static Optional<KernelAxes> axes(boolean applies, int output, int input) {
    return applies ? Optional.of(new KernelAxes(output, input)) : Optional.empty();
  }

  /** The second factor of a product of matrices. */
  private static Optional<KernelAxes> right(boolean applies, int rank, boolean rowsAreInputs) {
    return applies ? matrix(rank, rowsAreInputs) : Optional.empty();
  }

  /** Of the last two axes, the rows are the outputs, or the inputs. */
  private static Optional<KernelAxes> matrix(int rank, boolean rowsAreInputs) {
    return rowsAreInputs ? axes(rank > 1, rank - 1, rank - 2) : axes(rank > 1, rank - 2, rank - 1);
  }
}
