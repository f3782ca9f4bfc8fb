package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/** Reductions of constants over axes; evaluated before training. */
final class Reductions {
  private record Rule(double start, DoubleBinaryOperator function) {}

  private static final Map<String, Rule> RULES =
      Map.of(
          "ReduceMax", new Rule(Double.NEGATIVE_INFINITY, Math::max),
          "ReduceMin", new Rule(Double.POSITIVE_INFINITY, Math::min),
          "ReduceProd", new Rule(1, (a, b) -> a * b),
          "ReduceSum", new Rule(0, Double::sum));

  private Reductions() {}

  /** Whether that operator is one of them. */
  static boolean knows(String operator) {
    return RULES.containsKey(operator);
  }

  /** The result of such a node. */
  static Tensor evaluate(Site site, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Rule rule = RULES.get(site.node().operator());
    ReducedAxes axes = new ReducedAxes(site);
    double[] values = new double[(int) Tensor.elements(axes.kept(x.shape()))];
    Arrays.fill(values, rule.start());
    int[] targets = Layout.repeated(axes.kept(x.shape()), x.shape());
    double[] from = Numbers.doubles(x);
    for (int i = 0; i < from.length; i++) {
      values[targets[i]] = rule.function().applyAsDouble(values[targets[i]], from[i]);
    }
    return Numbers.tensor(x.type(), values, axes.shape(x.shape()));
  }
}
