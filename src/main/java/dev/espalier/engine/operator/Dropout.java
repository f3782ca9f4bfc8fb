package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Dropout.html">Dropout</a> as it acts in
 * training: each element is zeroed with probability p, the others are multiplied by 1/(1−p), so
 * that the expected result is the operand (inverted dropout; Srivastava et al. 2014, JMLR 15).
 * Before opset 12 p is an attribute, from then on an input. The tape is only used to train: the
 * flag {@code training_mode}, which exports for inference leave false, is not asked.
 */
final class Dropout implements Operator.Computed {
  private final float probability;

  Dropout(Site site) {
    this.probability = site.real("ratio", 1, 0.5f);
    if (!(probability >= 0 && probability < 1)) {
      throw site.untrainable("ratio " + probability + " is not in [0, 1)");
    }
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return operands.get(0);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    float[] factors = new float[x.data().size()];
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        float kept = 1 / (1 - probability);
        for (int i = 0; i < factors.length; i++) {
          factors[i] = noise.nextFloat() < probability ? 0f : kept;
        }
        multiply(x.data().floats(), result.data().floats());
      }

      @Override
      public void backward() {
        multiply(result.requiredGradient().floats(), x.requiredGradient().floats());
      }

      private void multiply(FloatBuffer from, FloatBuffer to) {
        for (int i = 0; i < factors.length; i++) {
          to.put(i, from.get(i) * factors[i]);
        }
      }
    };
  }
}
