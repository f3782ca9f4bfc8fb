package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;

/** Element-wise operators of two or more operands as functions of numbers of any type. */
final class Arithmetic {
  private static final int LARGEST = 1 << 24;

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

  /** Type of the result on operands of these types; empty when they differ. */
  static Optional<DataType> type(String operator, List<DataType> operands) {
    if (!knows(operator) || operands.stream().distinct().count() != 1) {
      return Optional.empty();
    }
    return Optional.of(TRUTHS.containsKey(operator) ? DataType.BOOL : operands.get(0));
  }

  /** The node's function on numbers of a type. */
  static DoubleBinaryOperator function(Site site, DataType type) {
    String name = site.node().operator();
    if (name.equals("Div") && !REAL.contains(type)) {
      return (a, b) -> {
        if (b == 0) {
          throw site.untrainable("divides by zero");
        }
        return a / b;
      };
    }
    DoubleBinaryOperator truth = TRUTHS.get(name);
    return truth != null ? truth : VALUES.get(name);
  }

  /** The result of such a node on constants. */
  static Tensor evaluate(Site site, List<Tensor> operands) {
    long[] shape = {};
    for (Tensor operand : operands) {
      shape =
          Broadcast.shape(shape, operand.shape())
              .orElseThrow(() -> site.mismatch(operands.stream().map(Tensor::shape).toList()));
    }
    if (Tensor.elements(shape) > LARGEST) {
      throw site.untrainable("makes a constant of " + Tensor.elements(shape) + " elements");
    }
    DataType first = operands.get(0).type();
    DataType type = TRUTHS.containsKey(site.node().operator()) ? DataType.BOOL : first;
    Tensor result = Tensor.zeros(type, shape);
    List<Value> values = operands.stream().map(operand -> new Value(operand, null)).toList();
    new ArithmeticStep(site, values, new Value(result, null)).forward(new SplittableRandom(0));
    return result;
  }
}
