package dev.espalier.engine.operator;

import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__PRelu.html">PRelu</a>: y = x for x ≥ 0 and s·x
 * below, with a slope s that broadcasts to x; dy/dx is 1 or s, at 0 it is s; dy/ds is 0 or x.
 */
final class PRelu extends Pointwise {

  PRelu(Site site) {
    super(site, 2, 2);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    if (!Broadcast.fits(operands.get(1), operands.get(0))) {
      throw site().mismatch(operands);
    }
    return operands.get(0);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    float[] b = x[1];
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(a[i], 0f) + b[i] * Math.min(a[i], 0f);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] b = x[1];
    float[] ga = gradients[0];
    float[] gb = gradients[1];
    for (int i = 0; i < n; i++) {
      float positive = Buffers.positive(a[i]);
      ga[i] = g[i] * (positive + (1 - positive) * b[i]);
      gb[i] = g[i] * Math.min(a[i], 0f);
    }
  }
}
