package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Softmax.html">Softmax</a>: yᵢ = e^xᵢ / Σ e^xⱼ,
 * shifted by the largest x so that nothing overflows; ∂L/∂xᵢ = yᵢ (gᵢ − Σ gⱼ yⱼ).
 */
public final class Softmax extends AxisOperator {
  Softmax(Site site) {
    super(site);
  }

  @Override
  void apply(float[] values) {
    inPlace(values);
  }

  /** Replaces {@code values} by their softmax. */
  public static void inPlace(float[] values) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.exp((double) values[i] - largest);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] / sum);
    }
  }

  @Override
  void chain(float[] y, float[] gradient) {
    double dot = 0;
    for (int i = 0; i < y.length; i++) {
      dot += (double) gradient[i] * y[i];
    }
    for (int i = 0; i < y.length; i++) {
      gradient[i] = (float) (y[i] * (gradient[i] - dot));
    }
  }
}
