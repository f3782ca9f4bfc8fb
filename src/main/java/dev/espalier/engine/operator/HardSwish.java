package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__HardSwish.html">HardSwish</a>: y = x·max(0,
 * min(1, x/6 + 1/2)) (Howard et al. 2019, arXiv:1905.02244); dy/dx is 0 up to −3, 1 from 3 on, and
 * x/3 + 1/2 between.
 */
final class HardSwish extends Pointwise {
  HardSwish(Site site) {
    super(site, 1, 1);
  }

  private static float gate(float x) {
    return Math.max(0f, Math.min(1f, x * (1 / 6f) + 0.5f));
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * gate(a[i]);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      float between = Buffers.positive(a[i] + 3f) * Buffers.positive(3f - a[i]);
      ga[i] = g[i] * (gate(a[i]) + a[i] * (1 / 6f) * between);
    }
  }
}
