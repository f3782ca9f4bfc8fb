package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html">ThresholdedRelu</a>: y =
 * x for x &gt; α and 0 elsewhere, α = 1 when absent; dy/dx is 1 or 0.
 */
final class ThresholdedRelu extends Pointwise {
  private final float alpha;

  ThresholdedRelu(Site site) {
    super(site, 1, 1);
    this.alpha = site.node().real("alpha", 1f);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = a[i] > alpha ? a[i] : 0f;
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      ga[i] = a[i] > alpha ? g[i] : 0f;
    }
  }
}
