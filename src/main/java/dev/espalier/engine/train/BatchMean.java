package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** The mean of batches' gradients by one parameter, or the root of the mean of their squares. */
final class BatchMean implements BatchFold {
  private final Tensor sums;
  private final boolean squared;

  /** Of the gradients by {@code parameter}. */
  BatchMean(Tensor parameter, boolean squared) {
    this.sums = Tensor.zeros(squared ? DataType.DOUBLE : DataType.FLOAT, parameter.shape());
    this.squared = squared;
  }

  @Override
  public void add(double share, FloatBuffer gradient) {
    if (squared) {
      addSquares(share, gradient, sums.doubles());
      return;
    }
    FloatBuffer sum = sums.floats();
    for (int i = 0; i < gradient.capacity(); i++) {
      sum.put(i, sum.get(i) + (float) share * gradient.get(i));
    }
  }

  /** A float's square is exact in a double and does not underflow there. */
  private static void addSquares(double share, FloatBuffer gradient, DoubleBuffer sum) {
    for (int i = 0; i < gradient.capacity(); i++) {
      double g = gradient.get(i);
      sum.put(i, sum.get(i) + share * g * g);
    }
  }

  /** What came out, float32. */
  Tensor result() {
    if (!squared) {
      return sums;
    }
    Tensor roots = Tensor.zeros(DataType.FLOAT, sums.shape());
    FloatBuffer root = roots.floats();
    DoubleBuffer sum = sums.doubles();
    for (int i = 0; i < roots.size(); i++) {
      root.put(i, (float) Math.sqrt(sum.get(i)));
    }
    return roots;
  }
}
