package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/** Element-wise operators on constants, broadcasting; evaluated before training. */
final class Arithmetic {
  private static final Map<String, DoubleBinaryOperator> VALUES =
      Map.of(
          "Add", Double::sum,
          "Sub", (a, b) -> a - b,
          "Mul", (a, b) -> a * b,
          "Div", (a, b) -> a / b,
          "Mod", (a, b) -> a - b * Math.floor(a / b),
          "Pow", Math::pow,
          "Max", Math::max,
          "Min", Math::min,
          "Sum", Double::sum);
  private static final Map<String, DoubleBinaryOperator> TRUTHS =
      Map.of(
          "Equal", (a, b) -> a == b ? 1 : 0,
          "Greater", (a, b) -> a > b ? 1 : 0,
          "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0,
          "Less", (a, b) -> a < b ? 1 : 0,
          "LessOrEqual", (a, b) -> a <= b ? 1 : 0,
          "And", (a, b) -> a != 0 && b != 0 ? 1 : 0,
          "Or", (a, b) -> a != 0 || b != 0 ? 1 : 0,
          "Xor", (a, b) -> a != 0 ^ b != 0 ? 1 : 0);
  private static final Set<DataType> REAL = Set.of(DataType.FLOAT, DataType.DOUBLE);

  private Arithmetic() {}

  /** Whether that operator is one of them. */
  static boolean knows(String operator) {
    return VALUES.containsKey(operator) || TRUTHS.containsKey(operator);
  }

  /** The result of such a node. */
  static Tensor evaluate(Site site, List<Tensor> operands) {
    String name = site.node().operator();
    DoubleBinaryOperator truth = TRUTHS.get(name);
    Tensor result = operands.get(0);
    for (Tensor operand : operands.subList(1, operands.size())) {
      long[] shape =
          Broadcast.shape(result.shape(), operand.shape())
              .orElseThrow(() -> site.mismatch(operands.stream().map(Tensor::shape).toList()));
      double[] a = Numbers.doubles(result);
      double[] b = Numbers.doubles(operand);
      int[] ofA = Layout.repeated(result.shape(), shape);
      int[] ofB = Layout.repeated(operand.shape(), shape);
      double[] values = new double[ofA.length];
      DataType type = truth != null ? DataType.BOOL : result.type();
      DoubleBinaryOperator function = truth != null ? truth : VALUES.get(name);
      for (int i = 0; i < values.length; i++) {
        if (name.equals("Div") && !REAL.contains(type) && b[ofB[i]] == 0) {
          throw site.untrainable("divides by zero");
        }
        values[i] = function.applyAsDouble(a[ofA[i]], b[ofB[i]]);
      }
      result = Numbers.tensor(type, values, shape);
    }
    return result;
  }
}
