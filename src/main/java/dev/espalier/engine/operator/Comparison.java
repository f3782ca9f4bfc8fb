package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * ONNX's comparisons and logic (Equal, Greater, Less, And, Or, Xor, Not…) of values known only when
 * the tape plays, as masks are made of. Truths have no gradient.
 */
final class Comparison implements Operator.Computed {
  private final Site site;
  private final int operands;

  Comparison(Site site) {
    this.site = site;
    boolean negation = site.node().operator().equals("Not");
    this.operands = site.operands(negation ? 1 : 2, negation ? 1 : 2);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(operands);
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    return operands.size() == 1
        ? Optional.of(DataType.BOOL)
        : Arithmetic.type(site.node().operator(), operands);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] last = operands.get(operands.size() - 1);
    return Broadcast.shape(operands.get(0), last).orElseThrow(() -> site.mismatch(operands));
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    if (operands.size() == 2) {
      return new ArithmeticStep(site, operands, result);
    }
    ByteBuffer from = operands.get(0).data().bytes();
    ByteBuffer to = result.data().bytes();
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        for (int i = 0; i < to.capacity(); i++) {
          to.put(i, (byte) (from.get(i) == 0 ? 1 : 0));
        }
      }

      @Override
      public void backward() {
        // Truths have no gradient.
      }
    };
  }
}
