package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;

/**
 * Stochastic gradient descent with heavy-ball momentum μ (Polyak 1964; in PyTorch's form, Sutskever
 * et al. 2013): m ← μm + g; w ← w − α·m.
 */
final class Sgd implements Optimizer {
  private final float momentum;
  private final FloatBuffer moved;
  private final float[] w = new float[BLOCK];
  private final float[] g = new float[BLOCK];
  private final float[] k = new float[BLOCK];
  private final float[] m = new float[BLOCK];

  /**
   * Descent for {@code size} weights.
   *
   * @param momentum μ, in [0, 1)
   */
  Sgd(float momentum, int size) {
    this.momentum = momentum;
    this.moved = Tensor.zeros(DataType.FLOAT, size).floats();
  }

  @Override
  public void step(
      FloatBuffer weights, FloatBuffer gradients, FloatBuffer keep, double rate, float scale) {
    for (int at = 0; at < weights.capacity(); at += BLOCK) {
      int n = Math.min(BLOCK, weights.capacity() - at);
      weights.get(at, w, 0, n);
      gradients.get(at, g, 0, n);
      keep.get(at, k, 0, n);
      moved.get(at, m, 0, n);
      update(n, w, g, k, m, momentum, (float) rate, scale);
      weights.put(at, w, 0, n);
      moved.put(at, m, 0, n);
    }
  }

  // Static, with its arrays as arguments: the JIT then knows they stay put and vectorises the loop.
  private static void update(
      int n, float[] w, float[] g, float[] k, float[] m, float momentum, float rate, float scale) {
    for (int i = 0; i < n; i++) {
      float moved = (momentum * m[i] + g[i] * scale) * k[i];
      m[i] = moved;
      w[i] = (w[i] - rate * moved) * k[i] + 0f; // adding +0 turns -0 into +0
    }
  }
}
