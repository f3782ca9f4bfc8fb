package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;

/**
 * Mean squared error over all numbers of all samples: with d = output − target and m numbers, L =
 * 1/m Σ d² and ∂L/∂output = 2 d / m.
 */
final class MeanSquaredError implements Loss {
  private final Value outputs;

  MeanSquaredError(Value outputs) {
    this.outputs = outputs;
  }

  @Override
  public double evaluate(Tensor targets) {
    Loss.requireNumbers(targets, outputs.data());
    FloatBuffer y = outputs.data().floats();
    FloatBuffer t = targets.floats();
    FloatBuffer gradient = outputs.requiredGradient().floats();
    int m = y.capacity();
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double d = (double) y.get(i) - t.get(i);
      sum += d * d;
      gradient.put(i, (float) (2 * d / m));
    }
    return sum / m;
  }
}
