package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Sigmoid.html">Sigmoid</a>: y = 1 / (1 + e^−x);
 * dy/dx = y (1 − y).
 */
final class Sigmoid extends Activation {
  Sigmoid(Site site) {
    super(site);
  }

  @Override
  void apply(float[] values, int n) {
    for (int i = 0; i < n; i++) {
      values[i] = (float) (1 / (1 + Math.exp(-values[i])));
    }
  }

  @Override
  void chain(float[] y, float[] gradients, int n) {
    for (int i = 0; i < n; i++) {
      gradients[i] *= y[i] * (1 - y[i]);
    }
  }
}
