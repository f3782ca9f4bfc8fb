package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Mean.html">Mean</a> of k operands; every
 * derivative is 1/k.
 */
final class Mean extends Pointwise {

  Mean(Site site) {
    super(site, 1, Integer.MAX_VALUE);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    System.arraycopy(x[0], 0, y, 0, n);
    for (int operand = 1; operand < x.length; operand++) {
      Buffers.add(x[operand], y, n);
    }
    Buffers.scale(y, n, 1f / x.length);
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    for (float[] gradient : gradients) {
      System.arraycopy(g, 0, gradient, 0, n);
      Buffers.scale(gradient, n, 1f / x.length);
    }
  }
}
