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
      if (slots.length == 0 || OF_SHAPES.contains(node.operator())) {
        continue;
      }
      Part part = parts.get(node.inputs().get(slots[0]));
      if (slots[0] == 0 && IN_PLACE.contains(node.operator())) {
        node.outputs().forEach(output -> parts.put(output, part));
      } else if (MOVING.contains(node.operator())) {
        move(node, parts);
      } else if (slots.length == 1) {
        uses.add(use(node, slots[0], part, tensor.size()));
      } else {
        throw new Uncalibrated(node, "reads '" + kernel.source() + "' twice");
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

  private void move(Node node, Map<String, Part> parts) {
    try {
      Operator operator = operator(node);
      List<String> names = operator.operands().stream().map(node.inputs()::get).toList();
      List<long[]> operands =
          names.stream()
              .map(n -> parts.containsKey(n) ? parts.get(n).shape : shapes.get(n))
              .toList();
      if (operands.contains(null)) {
        throw new Uncalibrated(node, "joins weights with values");
      }
      List<long[]> results = operator.shapes(operands);
      if (operator instanceof Operator.View) {
        parts.put(node.outputs().get(0), new Part(results.get(0), parts.get(names.get(0)).sources));
        return;
      }
      List<int[]> sources =
          Sources.of(operator, operands)
              .orElseThrow(() -> new Uncalibrated(node, "does more than move weights"));
      int[] laid = laid(names, operands, parts);
      for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
        int[] moved = IntStream.of(sources.get(i)).map(at -> at < 0 ? -1 : laid[at]).toArray();
        parts.put(node.outputs().get(i), new Part(results.get(i), moved));
      }
    } catch (Untrainable
        | IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw new Uncalibrated(String.valueOf(e.getMessage()), e);
    }
  }

  /** The sources of operands that are laid end to end. */
  private static int[] laid(List<String> names, List<long[]> operands, Map<String, Part> parts) {
    int size = Math.toIntExact(operands.stream().mapToLong(Tensor::elements).sum());
    int[] all = new int[size];
    int at = 0;
    for (int i = 0; i < operands.size(); i++) {
      Part part = parts.get(names.get(i));
      int own = (int) Tensor.elements(operands.get(i));
      for (int element = 0; element < own; element++) {
        all[at++] = part == null ? -1 : source(part, element);
      }
    }
    return all;
  }

  private static int source(Part part, int element) {
    return part.sources == null ? element : part.sources[element];
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
