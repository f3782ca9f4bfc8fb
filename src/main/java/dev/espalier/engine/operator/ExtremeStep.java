package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The largest or smallest element over some axes. The gradient goes to the first such element in
 * row-major order.
 */
final class ExtremeStep implements Step {
  private final Value x;
  private final Value result;
  private final float sign;
  private final int[] targets;
  private final int[] winners;

  /**
   * Binds to buffers.
   *
   * @param reduced which axes of x are reduced
   * @param sign 1 for the largest, −1 for the smallest
   */
  ExtremeStep(Value x, Value result, boolean[] reduced, float sign) {
    this.x = x;
    this.result = result;
    this.sign = sign;
    long[] kept = x.data().shape();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = reduced[axis] ? 1 : kept[axis];
    }
    this.targets = Layout.repeated(kept, x.data().shape());
    this.winners = new int[(int) Tensor.elements(kept)];
  }

  @Override
  public void forward(RandomGenerator noise) {
    FloatBuffer in = x.data().floats();
    FloatBuffer out = result.data().floats();
    Arrays.fill(winners, -1);
    for (int i = 0; i < targets.length; i++) {
      int target = targets[i];
      if (winners[target] < 0 || sign * in.get(i) > sign * out.get(target)) {
        winners[target] = i;
        out.put(target, in.get(i));
      }
    }
  }

  @Override
  public void backward() {
    FloatBuffer from = result.requiredGradient().floats();
    FloatBuffer to = x.requiredGradient().floats();
    Buffers.clear(to);
    for (int target = 0; target < winners.length; target++) {
      to.put(winners[target], from.get(target));
    }
  }
}
