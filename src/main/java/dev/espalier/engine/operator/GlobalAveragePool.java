package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html">GlobalAveragePool</a>:
 * the mean of each channel over all spatial axes, which stay with size 1.
 */
record GlobalAveragePool(Site site) implements GlobalPool {
  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    float[] plane = new float[x.data().size() / result.data().size()];
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        FloatBuffer in = x.data().floats();
        FloatBuffer out = result.data().floats();
        for (int p = 0; p < out.capacity(); p++) {
          in.get(p * plane.length, plane);
          double sum = 0;
          for (float value : plane) {
            sum += value;
          }
          out.put(p, (float) (sum / plane.length));
        }
      }

      @Override
      public void backward() {
        FloatBuffer from = result.requiredGradient().floats();
        FloatBuffer to = x.requiredGradient().floats();
        for (int p = 0; p < from.capacity(); p++) {
          Arrays.fill(plane, from.get(p) / plane.length);
          to.put(p * plane.length, plane);
        }
      }
    };
  }
}
