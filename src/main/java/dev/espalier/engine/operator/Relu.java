package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Relu.html">Relu</a>: y = max(x, 0); dy/dx is 1
 * where y &gt; 0 and 0 elsewhere, at 0 too.
 */
final class Relu extends Activation {
  Relu(Site site) {
    super(site);
  }

  @Override
  void apply(float[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] = Math.max(values[i], 0f);
    }
  }

  @Override
  void chain(float[] y, float[] gradients, int n) {
    for (int i = 0; i < n; i++) {
      gradients[i] *= Buffers.positive(y[i]);
    }
  }
}
