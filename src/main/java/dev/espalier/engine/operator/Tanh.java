package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Tanh.html">Tanh</a>: y = tanh x; dy/dx = 1 −
 * y².
 */
final class Tanh extends Activation {
  Tanh(Site site) {
    super(site);
  }

  @Override
  void apply(float[] values, int n) {
    for (int i = 0; i < n; i++) {
      // Exact to float precision in double arithmetic; Math.tanh is several times slower.
      values[i] = (float) (1 - 2 / (Math.exp(2.0 * values[i]) + 1));
    }
  }

  @Override
  void chain(float[] y, float[] gradients, int n) {
    for (int i = 0; i < n; i++) {
      gradients[i] *= 1 - y[i] * y[i];
    }
  }
}
