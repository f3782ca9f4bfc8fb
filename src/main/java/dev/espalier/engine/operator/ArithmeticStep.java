package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;

/** Element-wise arithmetic and comparison of values that are not differentiated. */
final class ArithmeticStep implements Step {
  private final Site site;
  private final List<Tensor> operands;
  private final Tensor result;
  private final List<int[]> positions;

  ArithmeticStep(Site site, List<Value> operands, Value result) {
    this.site = site;
    this.operands = operands.stream().map(Value::data).toList();
    this.result = result.data();
    this.positions =
        this.operands.stream()
            .map(operand -> Layout.repeated(operand.shape(), this.result.shape()))
            .toList();
  }

  @Override
  public void forward(RandomGenerator noise) {
    DoubleBinaryOperator function = Arithmetic.function(site, operands.get(0).type());
    ByteBuffer to = result.bytes();
    ByteBuffer first = operands.get(0).bytes();
    for (int i = 0; i < result.size(); i++) {
      double value = Numbers.get(first, operands.get(0).type(), positions.get(0)[i]);
      for (int operand = 1; operand < operands.size(); operand++) {
        Tensor other = operands.get(operand);
        double next = Numbers.get(other.bytes(), other.type(), positions.get(operand)[i]);
        value = function.applyAsDouble(value, next);
      }
      Numbers.put(to, result.type(), i, value);
    }
  }

  @Override
  public void backward() {
    // Integers and truths have no gradient.
  }
}
