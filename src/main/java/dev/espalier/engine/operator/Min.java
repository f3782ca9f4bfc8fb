package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Min.html">Min</a>: the smallest of the
 * operands; the gradient goes to the first that is the result.
 */
final class Min extends Pointwise {

  Min(Site site) {
    super(site, 1, Integer.MAX_VALUE);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    System.arraycopy(x[0], 0, y, 0, n);
    for (int operand = 1; operand < x.length; operand++) {
      float[] other = x[operand];
      for (int i = 0; i < n; i++) {
        y[i] = Math.min(y[i], other[i]);
      }
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    Winner.chain(x, y, g, gradients, n);
  }
}
