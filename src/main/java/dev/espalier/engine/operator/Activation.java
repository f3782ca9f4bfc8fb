package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An element-wise operator whose derivative is a function of its result, so that its operand need
 * not be kept. Elements are worked on in heap blocks that fit the first cache level: the JIT
 * vectorises loops over arrays but not over direct buffers.
 */
abstract class Activation implements Operator.Computed {
  private static final int BLOCK = 1024;

  Activation(Site site) {
    site.operands(1, 1);
  }

  /** Replaces the first {@code n} values by the function's results. */
  abstract void apply(float[] values, int n);

  /** Multiplies the first {@code n} gradients by the derivative where the result is {@code y}. */
  abstract void chain(float[] y, float[] gradients, int n);

  @Override
  public final List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public final long[] shape(List<long[]> operands) {
    return operands.get(0);
  }

  @Override
  public final Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    FloatBuffer in = x.data().floats();
    FloatBuffer out = result.data().floats();
    float[] block = new float[BLOCK];
    float[] gradients = new float[BLOCK];
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        for (int at = 0; at < in.capacity(); at += BLOCK) {
          int n = Math.min(BLOCK, in.capacity() - at);
          in.get(at, block, 0, n);
          apply(block, n);
          out.put(at, block, 0, n);
        }
      }

      @Override
      public void backward() {
        FloatBuffer from = result.requiredGradient().floats();
        FloatBuffer to = x.requiredGradient().floats();
        for (int at = 0; at < out.capacity(); at += BLOCK) {
          int n = Math.min(BLOCK, out.capacity() - at);
          out.get(at, block, 0, n);
          from.get(at, gradients, 0, n);
          chain(block, gradients, n);
          to.put(at, gradients, 0, n);
        }
      }
    };
  }
}
