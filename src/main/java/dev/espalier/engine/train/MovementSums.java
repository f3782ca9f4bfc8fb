package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How weights move under training (Sanh, Wolf and Rush 2020, arXiv:2005.07683, equation 2): M = Σ
 * g·w over the updates, with w before each of them and g = ∂L/∂w as the batch gives it, before
 * clipping. A descent makes |w| smaller where M grows.
 */
final class MovementSums {
  private final Map<String, Tensor> sums = new LinkedHashMap<>();
  private final float[] w = new float[Optimizer.BLOCK];
  private final float[] g = new float[Optimizer.BLOCK];
  private final float[] m = new float[Optimizer.BLOCK];

  /**
   * Goes on from sums.
   *
   * @param sums by tensor name; copied, not changed
   */
  MovementSums(Map<String, Tensor> sums) {
    sums.forEach((name, sum) -> this.sums.put(name, sum.copy()));
  }

  /** Adds what the weights and the gradients of the last pass are. */
  void add(Parameters parameters) {
    sums.forEach(
        (name, sum) -> {
          Value value = parameters.values().get(name);
          if (value != null && value.differentiated()) {
            add(value.data().floats(), value.requiredGradient().floats(), sum.floats());
          }
        });
  }

  private void add(FloatBuffer weights, FloatBuffer gradients, FloatBuffer sum) {
    for (int at = 0; at < sum.capacity(); at += m.length) {
      int n = Math.min(m.length, sum.capacity() - at);
      weights.get(at, w, 0, n);
      gradients.get(at, g, 0, n);
      sum.get(at, m, 0, n);
      add(n, w, g, m);
      sum.put(at, m, 0, n);
    }
  }

  private static void add(int n, float[] w, float[] g, float[] m) {
    for (int i = 0; i < n; i++) {
      m[i] += g[i] * w[i];
    }
  }

  /** Whether every sum is a finite number. */
  boolean finite() {
    return sums.values().stream().allMatch(sum -> Parameters.finite(sum.floats()));
  }

  /** The sums so far, copied. */
  Map<String, Tensor> copy() {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    sums.forEach((name, sum) -> copy.put(name, sum.copy()));
    return copy;
  }
}
