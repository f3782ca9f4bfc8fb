package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Clip.html">Clip</a> to [min, max], attributes
 * before opset 11 and constant inputs from then on; dy/dx is 1 strictly between the two and 0
 * elsewhere.
 */
final class Clip extends Pointwise {
  private final float least;
  private final float most;

  Clip(Site site) {
    super(site, Operator.leading(1));
    this.least = site.real("min", 1, Float.NEGATIVE_INFINITY);
    this.most = site.real("max", 2, Float.POSITIVE_INFINITY);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(Math.max(a[i], least), most);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      ga[i] = g[i] * Buffers.positive(a[i] - least) * Buffers.positive(most - a[i]);
    }
  }
}
