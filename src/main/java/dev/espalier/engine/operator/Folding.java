package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Evaluates nodes whose operands are constants, or whose result depends on shapes alone, before
 * training: exporters compute the sizes that reshapes, slices and the like need by chains of small
 * integer tensors. Arithmetic is done in doubles and rounded to the element type, integers as
 * integers.
 */
public final class Folding {
  /** Tensors above this number of elements are left to the tape, as operands or as results. */
  private static final int LARGEST = 1 << 16;

  private static final Set<String> OF_SHAPES = Set.of("Shape", "Size");
  private static final Map<String, DoubleUnaryOperator> UNARY =
      Map.ofEntries(
          Map.entry("Abs", Math::abs),
          Map.entry("Ceil", Math::ceil),
          Map.entry("Exp", Math::exp),
          Map.entry("Floor", Math::floor),
          Map.entry("Log", Math::log),
          Map.entry("Neg", x -> -x),
          Map.entry("Not", x -> x == 0 ? 1 : 0),
          Map.entry("Reciprocal", x -> 1 / x),
          Map.entry("Round", Math::rint),
          Map.entry("Sqrt", Math::sqrt));

  private final Site site;
  private final List<Tensor> operands;

  private Folding(Site site, List<Tensor> operands) {
    this.site = site;
    this.operands = operands;
  }

  /** Whether results of that operator depend on the shape of its operand alone. */
  public static boolean ofShapes(String operator) {
    return OF_SHAPES.contains(operator);
  }

  /** Whether nodes of that operator can be evaluated when their operands are constants. */
  public static boolean knows(String operator) {
    return OF_SHAPES.contains(operator)
        || UNARY.containsKey(operator)
        || Generation.NAMES.contains(operator)
        || Arithmetic.knows(operator)
        || Reductions.knows(operator);
  }

  /**
   * The results of a node.
   *
   * @param shapes shapes of all values so far, by name
   * @return empty when the node has to be played on the tape
   * @throws Untrainable when the node does not accept its operands
   */
  public static Optional<List<Tensor>> fold(Site site, Map<String, long[]> shapes) {
    Node node = site.node();
    if (node.operator().equals("Constant")) {
      return Optional.of(List.of(Constant.evaluate(site)));
    }
    if (OF_SHAPES.contains(node.operator())) {
      return Optional.ofNullable(shapes.get(node.inputs().get(0)))
          .map(shape -> List.of(ofShape(site, shape)));
    }
    List<Tensor> operands = new ArrayList<>();
    for (String input : node.inputs()) {
      Tensor operand = site.constants().get(input);
      if (operand == null && !input.isEmpty()) {
        return Optional.empty();
      } else if (operand != null) {
        operands.add(operand);
      }
    }
    boolean small = operands.stream().allMatch(operand -> operand.size() <= LARGEST);
    return small ? new Folding(site, operands).evaluate() : Optional.empty();
  }

  private static Tensor ofShape(Site site, long... shape) {
    if (site.node().operator().equals("Size")) {
      return Tensor.of(new long[] {Tensor.elements(shape)});
    }
    int rank = shape.length;
    int start = bound(site.node().integer("start", 0), rank);
    int end = Math.max(start, bound(site.node().integer("end", rank), rank));
    return Tensor.of(Arrays.copyOfRange(shape, start, end), end - start);
  }

  private static int bound(long axis, int rank) {
    return (int) Math.min(Math.max(axis < 0 ? axis + rank : axis, 0), rank);
  }

  private Optional<List<Tensor>> evaluate() {
    String name = site.node().operator();
    if (Generation.NAMES.contains(name)) {
      return Optional.of(List.of(Generation.evaluate(site, operands)));
    } else if (UNARY.containsKey(name)) {
      Tensor x = operands.get(0);
      double[] values = DoubleStream.of(Numbers.doubles(x)).map(UNARY.get(name)).toArray();
      return Optional.of(List.of(Numbers.tensor(x.type(), values, x.shape())));
    } else if (Arithmetic.knows(name)) {
      return Optional.of(List.of(Arithmetic.evaluate(site, operands)));
    } else if (Reductions.knows(name)) {
      return Optional.of(List.of(Reductions.evaluate(site, operands)));
    }
    return Operators.knows(name) ? moved(Operators.of(site)) : Optional.empty();
  }

  private Optional<List<Tensor>> moved(Operator operator) {
    List<Tensor> read =
        operator.operands().stream()
            .map(i -> site.constants().get(site.node().inputs().get(i)))
            .toList();
    List<long[]> shapes = read.stream().map(Tensor::shape).toList();
    if (operator.shapes(shapes).stream().anyMatch(shape -> Tensor.elements(shape) > LARGEST)) {
      return Optional.empty();
    }
    if (operator instanceof Operator.View view) {
      return Optional.of(List.of(read.get(0).reshaped(view.shape(shapes))));
    } else if (operator instanceof Cast) {
      return Optional.of(
          List.of(
              Numbers.tensor(
                  Cast.target(site), Numbers.doubles(read.get(0)), read.get(0).shape())));
    } else if (operator instanceof Movement movement) {
      double[] all =
          read.stream().map(Numbers::doubles).flatMapToDouble(DoubleStream::of).toArray();
      return Optional.of(
          List.of(
              picked(
                  read.get(0).type(),
                  all,
                  movement.sources(shapes),
                  movement.fill(),
                  movement.shape(shapes))));
    } else if (operator instanceof Split split) {
      double[] all = Numbers.doubles(read.get(0));
      List<long[]> parts = split.shapes(shapes);
      List<int[]> sources = split.sources(shapes.get(0));
      return Optional.of(
          IntStream.range(0, parts.size())
              .mapToObj(i -> picked(read.get(0).type(), all, sources.get(i), 0f, parts.get(i)))
              .toList());
    }
    return Optional.empty();
  }

  private static Tensor picked(
      DataType type, double[] from, int[] sources, float fill, long[] shape) {
    double[] values =
        IntStream.of(sources).mapToDouble(i -> i == Movement.FILL ? fill : from[i]).toArray();
    return Numbers.tensor(type, values, shape);
  }
}
