package dev.espalier.engine.infer;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Multiply-accumulates of one sample: those of convolutions, matrix products and recurrent layers.
 * As in published counts, element-wise operators, normalisation, pooling and biases are left out
 * and zeros count. With |t| the number of elements of t, y a node's result and w its weights:
 *
 * <pre>
 * convolution             |y| · |w| / outputs     w [outputs, inputs / groups, window…]
 * transposed convolution  |x| · |w| / inputs      w [inputs, outputs / groups, window…]
 * matrix product          |y| · k                 k the length of the sums
 * recurrent layer         steps · samples · (|W| + |R|)
 * einsum                  product of the sizes of all its subscripts
 * </pre>
 *
 * @param total of the whole model
 * @param byTensor those that a parameter is multiplied in, by tensor name
 */
public record Macs(long total, Map<String, Long> byTensor) {
  /** Operators that hide products from sight. */
  private static final Set<String> OPAQUE =
      Set.of("If", "Loop", "Scan", "SequenceMap", "Attention");

  private static final Set<String> COUNTED =
      Set.of(
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "DeformConv",
          "Einsum",
          "GRU",
          "Gemm",
          "LSTM",
          "MatMul",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul",
          "RNN");

  /** Copies the map, keeping its order. */
  public Macs {
    byTensor = Collections.unmodifiableMap(new LinkedHashMap<>(byTensor));
  }

  /**
   * Counts.
   *
   * @param shapes of the values that are known, by name, for one batch
   * @return empty when a shape that matters is not among them, or the count exceeds 63 bits
   */
  public static Optional<Macs> of(Graph graph, Map<String, long[]> shapes) {
    try {
      return Optional.of(new Count(graph, shapes).run());
    } catch (UnknownSize | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** Names of the values whose shapes decide. */
  static Set<String> deciding(Graph graph) {
    Set<String> names = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (COUNTED.contains(node.operator())) {
        names.addAll(node.inputs());
        names.add(node.outputs().get(0));
      }
    }
    names.remove("");
    return names;
  }

  /** A size that nobody knows. */
  private static final class UnknownSize extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final class Count {
    private final Graph graph;
    private final Map<String, long[]> shapes;
    private final Map<String, Node> producers = new HashMap<>();
    private final Set<String> varying = new HashSet<>();
    private final Map<String, Long> byTensor = new LinkedHashMap<>();
    private final Set<String> parameters;

    Count(Graph graph, Map<String, long[]> shapes) {
      this.graph = graph;
      this.shapes = shapes;
      this.parameters =
          graph.parameters().stream().map(Parameter::tensor).collect(Collectors.toSet());
      graph.inputs().forEach(input -> varying.add(input.name()));
    }

    Macs run() {
      long all = 0;
      for (Node node : graph.nodes()) {
        node.outputs().forEach(output -> producers.put(output, node));
        // What depends on constants alone is computed once, not per sample.
        if (node.inputs().stream().anyMatch(varying::contains)) {
          varying.addAll(node.outputs());
          all = Math.addExact(all, of(node));
        }
      }
      long batch = batch();
      byTensor.replaceAll((name, macs) -> macs / batch);
      return new Macs(all / batch, byTensor);
    }

    private long batch() {
      long[] first = graph.inputs().isEmpty() ? new long[0] : shape(graph.inputs().get(0).name());
      return first.length == 0 ? 1 : Math.max(1, first[0]);
    }

    private long of(Node node) {
      return switch (node.operator()) {
        case "Conv", "ConvInteger", "DeformConv" -> convolution(node, 1);
        case "QLinearConv" -> convolution(node, 3);
        case "ConvTranspose" -> {
          long[] w = shape(node, 1);
          yield weighted(node, 1, times(elements(node, 0), Tensor.elements(w) / outermost(w)));
        }
        case "Gemm" -> {
          int sums = node.integer("transA", 0) == 0 ? 1 : 0;
          yield product(node, 1, shape(node, 0)[sums]);
        }
        case "MatMul", "MatMulInteger" -> product(node, 1, last(shape(node, 0)));
        case "QLinearMatMul" -> product(node, 3, last(shape(node, 0)));
        case "LSTM", "GRU", "RNN" -> {
          long[] x = shape(node, 0);
          long steps = times(x[0], x[1]);
          yield Math.addExact(
              weighted(node, 1, times(steps, elements(node, 1))),
              weighted(node, 2, times(steps, elements(node, 2))));
        }
        case "Einsum" -> Einsum.macs(node, node.inputs().stream().map(this::shape).toList());
        default -> {
          if (OPAQUE.contains(node.operator())) {
            throw new UnknownSize();
          }
          yield 0;
        }
      };
    }

    private long convolution(Node node, int weights) {
      long[] w = shape(node, weights);
      long y = Tensor.elements(shape(node.outputs().get(0)));
      return weighted(node, weights, times(y, Tensor.elements(w) / outermost(w)));
    }

    private long product(Node node, int weights, long sums) {
      long y = Tensor.elements(shape(node.outputs().get(0)));
      return weighted(node, weights, times(y, sums));
    }

    /** Attributes a count to the parameter that an input is made of, on either side. */
    private long weighted(Node node, int weights, long macs) {
      Optional<String> tensor =
          node.input(weights)
              .flatMap(this::parameter)
              .or(() -> node.input(0).flatMap(this::parameter));
      tensor.ifPresent(name -> byTensor.merge(name, macs, Math::addExact));
      return macs;
    }

    /** The parameter that a value is a transposed, cast or dequantised form of. */
    private Optional<String> parameter(String value) {
      String name = value;
      while (!parameters.contains(name)) {
        Node producer = producers.get(name);
        if (producer == null || varying.contains(name) || producer.input(0).isEmpty()) {
          return Optional.empty();
        }
        name = producer.inputs().get(0);
      }
      return Optional.of(name);
    }

    private long elements(Node node, int input) {
      return Tensor.elements(shape(node, input));
    }

    private long[] shape(Node node, int input) {
      return shape(node.input(input).orElseThrow(UnknownSize::new));
    }

    private long[] shape(String value) {
      Tensor constant = graph.initializers().get(value);
      long[] shape = constant == null ? shapes.get(value) : constant.shape();
      if (shape == null) {
        throw new UnknownSize();
      }
      return shape;
    }

    private static long outermost(long... w) {
      return w.length == 0 ? 1 : Math.max(1, w[0]);
    }

    private static long last(long... shape) {
      return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    private static long times(long a, long b) {
      return Math.multiplyExact(a, b);
    }
  }

  /** Sizes of the subscripts of an Einsum of two operands. */
  private static final class Einsum {
    private Einsum() {}

    static long macs(Node node, List<long[]> operands) {
      String equation = node.text("equation", "").replace(" ", "");
      String[] terms = equation.split("->", -1)[0].split(",", -1);
      if (equation.contains(".") || operands.size() > 2 || terms.length != operands.size()) {
        throw new UnknownSize();
      }
      if (terms.length < 2) {
        return 0;
      }
      Map<Character, Long> sizes = new HashMap<>();
      for (int i = 0; i < terms.length; i++) {
        if (terms[i].length() != operands.get(i).length) {
          throw new UnknownSize();
        }
        for (int axis = 0; axis < terms[i].length(); axis++) {
          sizes.merge(terms[i].charAt(axis), operands.get(i)[axis], Math::max);
        }
      }
      return sizes.values().stream().reduce(1L, Math::multiplyExact);
    }
  }
}
