package dev.espalier.engine.mask;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The matrices of a graph's kernels, from the operators that read them, directly or through
 * operators that only rearrange.
 */
final class KernelMatrices {
  /** What makes part of a tensor a value, or several tensors one. */
  private static final Set<String> PARTIAL = Set.of("Slice", "Split", "Expand", "Concat");

  private final Graph graph;
  private final Map<String, Seen> values = new HashMap<>();
  private final Map<String, Set<Optional<KernelMatrix>>> found = new HashMap<>();

  /** A value made of all of one stored tensor; without a view when its strides are not regular. */
  private record Seen(String tensor, Optional<StridedView> view) {}

  /** Of the kernels of {@code graph}. */
  KernelMatrices(Graph graph) {
    this.graph = graph;
    for (Parameter parameter : graph.prunable()) {
      Tensor tensor = graph.tensor(parameter);
      if (tensor.size() > 0) {
        StridedView view = StridedView.of(tensor.shape());
        values.put(parameter.tensor(), new Seen(parameter.tensor(), Optional.of(view)));
      }
    }
    graph.nodes().forEach(this::read);
  }

  /**
   * The matrix of a kernel.
   *
   * @throws Refusal {@code operator-unsupported} when its uses do not agree on one
   */
  KernelMatrix of(Parameter parameter) {
    Set<Optional<KernelMatrix>> matrices = found.getOrDefault(parameter.tensor(), Set.of());
    Optional<KernelMatrix> only =
        matrices.size() == 1 ? matrices.iterator().next() : Optional.empty();
    return only.orElseThrow(
        () ->
            new Refusal(
                ReasonCode.OPERATOR_UNSUPPORTED,
                ("what flows in and out of the weights '%s' %s: blocks and patterns need the one"
                        + " axis of their inputs; exclude layer '%s', or prune single weights")
                    .formatted(
                        parameter.source(),
                        matrices.size() > 1
                            ? "differs from operator to operator"
                            : "does not follow from the operators that read them",
                        parameter.layer())));
  }

  private void read(Node node) {
    for (int slot = 0; slot < node.inputs().size(); slot++) {
      Seen seen = values.get(node.inputs().get(slot));
      if (seen != null && KernelMatrix.isFactor(node, slot)) {
        int factor = slot;
        use(seen, seen.view().flatMap(view -> KernelMatrix.of(node, factor, view)));
      } else if (seen != null && PARTIAL.contains(node.operator())) {
        use(seen, Optional.empty());
      } else if (seen != null && slot == 0) {
        rearranged(node, seen)
            .ifPresent(value -> node.outputs().forEach(output -> values.put(output, value)));
      }
    }
  }

  private void use(Seen seen, Optional<KernelMatrix> matrix) {
    found.computeIfAbsent(seen.tensor(), t -> new HashSet<>()).add(matrix);
  }

  /** What an operator makes of all elements of its first input; empty when it does more. */
  private Optional<Seen> rearranged(Node node, Seen seen) {
    return switch (node.operator()) {
      case "Identity", "Cast", "QuantizeLinear", "DequantizeLinear" -> Optional.of(seen);
      case "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze" ->
          Optional.of(new Seen(seen.tensor(), seen.view().flatMap(view -> rearranged(node, view))));
      default -> Optional.empty();
    };
  }

  private Optional<StridedView> rearranged(Node node, StridedView view) {
    int rank = view.rank();
    return switch (node.operator()) {
      case "Transpose" ->
          view.transposed(
              node.integers("perm", LongStream.range(0, rank).map(a -> rank - 1 - a).toArray()));
      case "Reshape" -> constant(node, "shape").flatMap(shape -> reshaped(view, shape));
      case "Flatten" -> {
        long axis = node.integer("axis", 1);
        int cut = (int) (axis < 0 ? axis + rank : axis);
        yield cut < 0 || cut > rank
            ? Optional.empty()
            : view.reshaped(Extent.size(view.axes(0, cut)), Extent.size(view.axes(cut, rank)));
      }
      case "Squeeze" -> {
        Optional<long[]> axes = constant(node, "axes");
        yield view.reshaped(
            IntStream.range(0, rank)
                .filter(a -> axes.map(given -> !has(given, a, rank)).orElse(view.size(a) != 1))
                .mapToLong(view::size)
                .toArray());
      }
      default -> constant(node, "axes").flatMap(axes -> unsqueezed(view, axes));
    };
  }

  private static boolean has(long[] axes, int axis, int rank) {
    return LongStream.of(axes).anyMatch(a -> (a < 0 ? a + rank : a) == axis);
  }

  private static Optional<StridedView> unsqueezed(StridedView view, long... axes) {
    int rank = view.rank() + axes.length;
    List<Long> shape = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      boolean added = has(axes, axis, rank);
      if (!added && next == view.rank()) {
        return Optional.empty();
      }
      shape.add(added ? 1L : view.size(next++));
    }
    return view.reshaped(shape.stream().mapToLong(Long::longValue).toArray());
  }

  /** 0 stands for the size as it was, −1 for what the other axes leave. */
  private static Optional<StridedView> reshaped(StridedView view, long... shape) {
    long[] sizes = shape.clone();
    long known = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 0 && axis < view.rank()) {
        sizes[axis] = view.size(axis);
      }
      known *= sizes[axis] > 0 && sizes[axis] <= Integer.MAX_VALUE ? sizes[axis] : 1;
      if (known > Integer.MAX_VALUE) {
        return Optional.empty();
      }
    }
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] =
          sizes[axis] == -1 ? Extent.size(view.axes(0, view.rank())) / known : sizes[axis];
    }
    return view.reshaped(sizes);
  }

  /** Integers that are an attribute in older operator sets and a constant input in newer ones. */
  private Optional<long[]> constant(Node node, String name) {
    if (node.attributes().containsKey(name)) {
      return Optional.of(node.integers(name));
    }
    return node.input(1).map(graph.initializers()::get).map(Tensor::toLongs);
  }
}
