package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Mul.html">Mul</a>: y = a·b; ∂y/∂a = b, ∂y/∂b =
 * a.
 */
final class Mul extends Pointwise {

  Mul(Site site) {
    super(site, 2, 2);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    float[] b = x[1];
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * b[i];
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] b = x[1];
    float[] ga = gradients[0];
    float[] gb = gradients[1];
    for (int i = 0; i < n; i++) {
      ga[i] = g[i] * b[i];
      gb[i] = g[i] * a[i];
    }
  }
}
