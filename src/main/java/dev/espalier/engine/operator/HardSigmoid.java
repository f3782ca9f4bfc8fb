package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__HardSigmoid.html">HardSigmoid</a>: y = max(0,
 * min(1, αx + β)), α = 0.2 and β = 0.5 when absent; dy/dx is α where 0 &lt; y &lt; 1 and 0
 * elsewhere.
 */
final class HardSigmoid extends Pointwise {
  private final float alpha;
  private final float beta;

  HardSigmoid(Site site) {
    super(site, 1, 1);
    this.alpha = site.node().real("alpha", 0.2f);
    this.beta = site.node().real("beta", 0.5f);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0f, Math.min(1f, alpha * a[i] + beta));
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      ga[i] = alpha * g[i] * Buffers.positive(y[i]) * Buffers.positive(1f - y[i]);
    }
  }
}
