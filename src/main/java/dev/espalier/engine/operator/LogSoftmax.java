package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__LogSoftmax.html">LogSoftmax</a>: yᵢ = xᵢ − m −
 * log Σ e^(xⱼ−m) with m = max x; ∂L/∂xᵢ = gᵢ − e^yᵢ Σ gⱼ.
 */
public final class LogSoftmax extends AxisOperator {
  LogSoftmax(Site site) {
    super(site);
  }

  @Override
  void apply(float[] values) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp((double) value - largest);
    }
    double shift = largest + Math.log(sum);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] - shift);
    }
  }

  @Override
  void chain(float[] y, float[] gradient) {
    double sum = 0;
    for (float g : gradient) {
      sum += g;
    }
    for (int i = 0; i < y.length; i++) {
      gradient[i] = (float) (gradient[i] - Math.exp(y[i]) * sum);
    }
  }
}
