package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Softmax;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Mean cross-entropy of class labels under the softmax of logits z [n, classes]: L = 1/n Σ (log Σⱼ
 * e^zⱼ − z_y) and ∂L/∂z = (softmax(z) − one-hot(y)) / n. Fusing the two is what keeps it finite:
 * the logarithm never sees a probability of 0.
 */
final class SoftmaxCrossEntropy implements Loss {
  private final Value logits;
  private final float[] row;

  SoftmaxCrossEntropy(Value logits) {
    this.logits = logits;
    this.row = new float[(int) logits.data().dimension(1)];
  }

  @Override
  public double evaluate(Tensor targets) {
    FloatBuffer z = logits.data().floats();
    FloatBuffer gradient = logits.requiredGradient().floats();
    LongBuffer classes = targets.longs();
    int n = (int) logits.data().dimension(0);
    double loss = 0;
    for (int r = 0; r < n; r++) {
      int label = Loss.label(classes.get(r), row.length);
      z.get(r * row.length, row);
      loss += logSumExp(row) - row[label];
      Softmax.inPlace(row);
      row[label] -= 1;
      for (int i = 0; i < row.length; i++) {
        gradient.put(r * row.length + i, row[i] / n);
      }
    }
    return loss / n;
  }

  private static double logSumExp(float[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}
