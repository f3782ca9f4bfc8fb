package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.operator.Operator;
import dev.espalier.engine.operator.Operators;
import dev.espalier.engine.operator.Site;
import dev.espalier.engine.operator.Sources;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where the kernels of a graph are multiplied with inputs, directly or after they were moved. */
final class KernelUses {
  /** Elements stay where they are. */
  private static final Set<String> IN_PLACE =
      Set.of("Identity", "Cast", "QuantizeLinear", "DequantizeLinear");

  private static final Set<String> MOVING =
      Set.of(
          "Concat",
          "Expand",
          "Flatten",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  private static final Set<String> OF_SHAPES = Set.of("Shape", "Size");

  private final Graph graph;
  private final Factors factors;

  /** Shapes of the values that consist of constants, by name. */
  private final Map<String, long[]> shapes = new HashMap<>();

  /** A value that holds elements of a kernel. */
  private static final class Part {
    final long[] shape;

    /** Position in the kernel of each element; absent when they stand as in the kernel. */
    final int @Nullable [] sources;

    Part(long[] shape, int @Nullable [] sources) {
      this.shape = shape;
      this.sources = sources;
    }
  }

  KernelUses(Graph graph) {
    this.graph = graph;
    this.factors = new Factors(graph);
    graph.initializers().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    graph.nodes().forEach(this::shape);
  }

  private void shape(Node node) {
    boolean constant = node.inputs().stream().allMatch(n -> n.isEmpty() || shapes.containsKey(n));
    if (!constant || node.inputs().isEmpty()) {
      return;
    }
    if (IN_PLACE.contains(node.operator())) {
      node.outputs().forEach(output -> shapes.put(output, shapes.get(node.inputs().get(0))));
    } else if (MOVING.contains(node.operator())) {
      try {
        Operator operator = operator(node);
        List<long[]> results = operator.shapes(operands(node, operator));
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
          shapes.put(node.outputs().get(i), results.get(i));
        }
      } catch (Untrainable
          | IllegalArgumentException
          | ArithmeticException
          | IndexOutOfBoundsException e) {
        // Whoever asks for the uses of what flows through is told.
        return;
      }
    }
  }

  private Operator operator(Node node) {
    return Operators.of(new Site(node, graph.opset(), graph.initializers()));
  }

  private List<long[]> operands(Node node, Operator operator) {
    return operator.operands().stream().map(i -> shapes.get(node.inputs().get(i))).toList();
  }

  /**
   * The uses of a kernel, in the graph's order; at least one, all with the same matrix.
   *
   * @throws Uncalibrated when they cannot be told or do not agree
   */
  List<Use> of(Parameter kernel) {
    Tensor tensor = graph.tensor(kernel);
    Map<String, Part> parts = new HashMap<>();
    parts.put(kernel.tensor(), new Part(tensor.shape(), null));
    List<Use> uses = new ArrayList<>();
    for (Node node : graph.nodes()) {
      int[] slots =
          IntStream.range(0, node.inputs().size())
              .filter(slot -> parts.containsKey(node.inputs().get(slot)))
              .toArray();
      if (slots.length > 1) {
        throw new Uncalibrated(node, "reads '" + kernel.source() + "' twice");
      } else if (slots.length == 1 && !OF_SHAPES.contains(node.operator())) {
        Part part = parts.get(node.inputs().get(slots[0]));
        if (IN_PLACE.contains(node.operator())) {
          node.outputs().forEach(output -> parts.put(output, part));
        } else if (MOVING.contains(node.operator())) {
          move(node, slots[0], part, parts);
        } else {
          uses.add(use(node, slots[0], part, tensor.size()));
        }
      }
    }
    requireAgreement(kernel, uses);
    return uses;
  }

  private void requireAgreement(Parameter kernel, List<Use> uses) {
    if (uses.stream().map(Use::matrix).distinct().count() != 1) {
      throw new Uncalibrated(
          "the operators that read '%s' do not agree on its rows".formatted(kernel.source()), null);
    }
  }

  private void move(Node node, int slot, Part part, Map<String, Part> parts) {
    try {
      Operator operator = operator(node);
      if (operator instanceof Operator.View) {
        long[] shape = operator.shapes(List.of(part.shape)).get(0);
        parts.put(node.outputs().get(0), new Part(shape, part.sources));
        return;
      }
      List<long[]> operands = operands(node, operator);
      if (operands.contains(null)) {
        throw new Uncalibrated(node, "joins weights with values");
      }
      long before = operands.stream().limit(slot).mapToLong(Tensor::elements).sum();
      List<int[]> sources =
          Sources.of(operator, operands)
              .orElseThrow(() -> new Uncalibrated(node, "does more than move weights"));
      List<long[]> results = operator.shapes(operands);
      for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
        int[] moved = IntStream.of(sources.get(i)).map(at -> source(part, at - before)).toArray();
        parts.put(node.outputs().get(i), new Part(results.get(i), moved));
      }
    } catch (Untrainable
        | IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw new Uncalibrated(String.valueOf(e.getMessage()), e);
    }
  }

  private static int source(Part part, long at) {
    if (at < 0 || at >= Tensor.elements(part.shape)) {
      return -1;
    }
    return part.sources == null ? (int) at : part.sources[(int) at];
  }

  private Use use(Node node, int slot, Part part, int size) {
    Use use = factors.use(node, slot, part.shape);
    int @Nullable [] sources = part.sources;
    if (sources == null) {
      return use;
    }
    WeightMatrix matrix =
        use.matrix()
            .gathered(sources, size)
            .orElseThrow(() -> new Uncalibrated(node, "reads parts of rows of its weights"));
    return new Use(matrix, use.inputs());
  }
}
