package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__LeakyRelu.html">LeakyRelu</a>: y = x for x ≥ 0
 * and αx below, α = 0.01 when absent; dy/dx is 1 or α, at 0 it is α.
 */
final class LeakyRelu extends Pointwise {
  private final float alpha;

  LeakyRelu(Site site) {
    super(site, 1, 1);
    this.alpha = site.node().real("alpha", 0.01f);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(a[i], 0f) + alpha * Math.min(a[i], 0f);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      ga[i] = g[i] * (alpha + (1 - alpha) * Buffers.positive(a[i]));
    }
  }
}
