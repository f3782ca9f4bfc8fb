package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Mean binary cross-entropy of yes-or-no targets t ∈ [0, 1] under the sigmoids of logits z [n, k]:
 * with σ(z) = 1 / (1 + e^−z) and m = n·k, L = −1/m Σ (t log σ(z) + (1 − t) log(1 − σ(z))) = 1/m Σ
 * (max(z, 0) − t z + log(1 + e^−|z|)), which stays finite for every z, and ∂L/∂z = (σ(z) − t) / m.
 * A class is the answer yes to a single column, or to its own column and no to all others.
 */
final class SigmoidCrossEntropy implements Loss {
  private final Value logits;
  private final int columns;

  SigmoidCrossEntropy(Value logits) {
    this.logits = logits;
    this.columns = (int) logits.data().dimension(1);
  }

  @Override
  public double evaluate(Tensor targets) {
    boolean classes = targets.type() == DataType.INT64;
    if (!classes) {
      Loss.requireNumbers(targets, logits.data());
    }
    FloatBuffer z = logits.data().floats();
    FloatBuffer gradient = logits.requiredGradient().floats();
    int m = z.capacity();
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double t = classes ? answer(targets.longs(), i) : targets.floats().get(i);
      double logit = z.get(i);
      sum += Math.max(logit, 0) - t * logit + Math.log1p(Math.exp(-Math.abs(logit)));
      gradient.put(i, (float) ((1 / (1 + Math.exp(-logit)) - t) / m));
    }
    return sum / m;
  }

  private int answer(LongBuffer classes, int i) {
    int label = Loss.label(classes.get(i / columns), Math.max(2, columns));
    return columns == 1 ? label : i % columns == label ? 1 : 0;
  }
}
