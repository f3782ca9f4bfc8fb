package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8: m ←
 * β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − α·m̂ / (√v̂ + ε), where m̂ = m/(1−β₁ᵗ) and v̂ =
 * v/(1−β₂ᵗ). With decoupled weight decay λ, w ← w − α·λ·w before that (AdamW: Loshchilov and Hutter
 * 2019, arXiv:1711.05101, algorithm 2, in PyTorch's form, whose decay follows the step size); every
 * trained tensor decays, biases too.
 */
final class Adam implements Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final double decay;
  private final FloatBuffer first;
  private final FloatBuffer second;
  private final float[] w = new float[BLOCK];
  private final float[] g = new float[BLOCK];
  private final float[] k = new float[BLOCK];
  private final float[] m = new float[BLOCK];
  private final float[] v = new float[BLOCK];
  private int steps;

  /**
   * Adam for {@code size} weights.
   *
   * @param decay λ, in [0, 1]
   */
  Adam(double decay, int size) {
    this.decay = decay;
    this.first = Tensor.zeros(DataType.FLOAT, size).floats();
    this.second = Tensor.zeros(DataType.FLOAT, size).floats();
  }

  @Override
  public void step(
      FloatBuffer weights, FloatBuffer gradients, FloatBuffer keep, double rate, float scale) {
    steps++;
    float size = (float) (rate / (1 - Math.pow(0.9, steps)));
    float root = (float) (1 / Math.sqrt(1 - Math.pow(0.999, steps)));
    float left = (float) (1 - rate * decay);
    for (int at = 0; at < weights.capacity(); at += BLOCK) {
      int n = Math.min(BLOCK, weights.capacity() - at);
      weights.get(at, w, 0, n);
      gradients.get(at, g, 0, n);
      keep.get(at, k, 0, n);
      first.get(at, m, 0, n);
      second.get(at, v, 0, n);
      update(n, w, g, k, m, v, size, root, left, scale);
      weights.put(at, w, 0, n);
      first.put(at, m, 0, n);
      second.put(at, v, 0, n);
    }
  }

  // Static, with its arrays as arguments: the JIT then knows they stay put and vectorises the loop.
  private static void update(
      int n,
      float[] w,
      float[] g,
      float[] k,
      float[] m,
      float[] v,
      float size,
      float root,
      float left,
      float scale) {
    for (int i = 0; i < n; i++) {
      float gradient = g[i] * scale * k[i];
      float mean = (BETA1 * m[i] + (1 - BETA1) * gradient) * k[i];
      float square = (BETA2 * v[i] + (1 - BETA2) * gradient * gradient) * k[i];
      m[i] = mean;
      v[i] = square;
      float step = size * mean / ((float) Math.sqrt(square) * root + EPSILON);
      w[i] = (w[i] * left - step) * k[i] + 0f; // adding +0 turns -0 into +0
    }
  }
}
