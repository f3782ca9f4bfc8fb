package dev.espalier.engine.train;

import java.nio.FloatBuffer;

/**
 * Gradient clipping by the global norm (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1): the
 * gradient of all kept weights together, g, becomes s·g with s = min(1, c / (‖g‖₂ + 10⁻⁶)), which
 * is PyTorch's {@code clip_grad_norm_}. A norm that is not finite makes weights that are not.
 */
final class Clipping {
  private static final double EPSILON = 1e-6;

  private final double largest;
  private final float[] g = new float[Optimizer.BLOCK];
  private final float[] k = new float[Optimizer.BLOCK];

  /**
   * A bound.
   *
   * @param largest c, above 0
   */
  Clipping(double largest) {
    this.largest = largest;
  }

  /** The factor s of the gradients. */
  float scale(FloatBuffer gradients, FloatBuffer keep) {
    double squares = 0;
    for (int at = 0; at < gradients.capacity(); at += g.length) {
      int n = Math.min(g.length, gradients.capacity() - at);
      gradients.get(at, g, 0, n);
      keep.get(at, k, 0, n);
      squares += squares(g, k, n);
    }
    return (float) Math.min(1, largest / (Math.sqrt(squares) + EPSILON));
  }

  private static double squares(float[] g, float[] k, int n) {
    double even = 0;
    double odd = 0;
    for (int i = 0; i + 1 < n; i += 2) {
      double a = g[i] * k[i];
      double b = g[i + 1] * k[i + 1];
      even += a * a;
      odd += b * b;
    }
    if ((n & 1) != 0) {
      double last = g[n - 1] * k[n - 1];
      even += last * last;
    }
    return even + odd;
  }
}
