package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Add.html">Add</a>: y = a + b; ∂y/∂a = ∂y/∂b =
 * 1.
 */
final class Add extends Pointwise {

  Add(Site site) {
    super(site, 2, 2);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    float[] b = x[1];
    for (int i = 0; i < n; i++) {
      y[i] = a[i] + b[i];
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    System.arraycopy(g, 0, gradients[0], 0, n);
    System.arraycopy(g, 0, gradients[1], 0, n);
  }
}
