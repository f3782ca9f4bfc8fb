package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Normalisation of vectors that lie together, each by its own mean and variance. With x̂ = (x − μ)
 * / √(σ² + ε), y = γx̂ + β, G = ∂L/∂y and H = γG: ∂L/∂γ = ΣGx̂ and ∂L/∂β = ΣG over the elements
 * that share them, ∂L/∂x = (H − mean H − x̂·mean Hx̂) / √(σ² + ε).
 */
final class VectorNormalization implements Step {
  private final Value x;
  private final Value scale;
  private final Value shift;
  private final Value result;
  private final int length;
  private final int[] slots;
  private final float epsilon;

  private final double[] mean;
  private final double[] inverse;
  private final float[] vector;
  private final float[] gradient;
  private final double[] scaleSums;
  private final double[] shiftSums;

  /**
   * Binds to [x, γ, β] or [x, γ].
   *
   * @param length elements of a vector
   * @param slots elements of γ and β for each element of x, repeated as often as it takes
   */
  VectorNormalization(List<Value> operands, Value result, int length, int[] slots, float epsilon) {
    this.x = operands.get(0);
    this.scale = operands.get(1);
    this.shift =
        operands.size() > 2 ? operands.get(2) : Value.allocate(false, scale.data().shape());
    this.result = result;
    this.length = length;
    this.slots = slots;
    this.epsilon = epsilon;
    this.mean = new double[x.data().size() / length];
    this.inverse = new double[mean.length];
    this.vector = new float[length];
    this.gradient = new float[length];
    this.scaleSums = new double[scale.data().size()];
    this.shiftSums = new double[scale.data().size()];
  }

  @Override
  public void forward(RandomGenerator noise) {
    FloatBuffer in = x.data().floats();
    FloatBuffer out = result.data().floats();
    FloatBuffer factors = scale.data().floats();
    FloatBuffer constants = shift.data().floats();
    for (int v = 0; v < mean.length; v++) {
      in.get(v * length, vector);
      double average = Buffers.sum(vector, length) / length;
      double square = Buffers.dot(vector, 0, vector, 0, length) / length;
      double deviation = Math.sqrt(Math.max(0, square - average * average) + epsilon);
      mean[v] = average;
      inverse[v] = 1 / deviation;
      int slot = v * length % slots.length;
      for (int i = 0; i < length; i++) {
        double normal = (vector[i] - average) / deviation;
        vector[i] =
            (float) (factors.get(slots[slot + i]) * normal + constants.get(slots[slot + i]));
      }
      out.put(v * length, vector);
    }
  }

  @Override
  public void backward() {
    Arrays.fill(scaleSums, 0);
    Arrays.fill(shiftSums, 0);
    FloatBuffer in = x.data().floats();
    FloatBuffer from = result.requiredGradient().floats();
    for (int v = 0; v < mean.length; v++) {
      in.get(v * length, vector);
      from.get(v * length, gradient);
      chain(v);
      if (x.differentiated()) {
        x.requiredGradient().floats().put(v * length, gradient);
      }
    }
    store(scaleSums, scale);
    store(shiftSums, shift);
  }

  /** Turns the gradient of the result of vector {@code v} into that of the operand. */
  private void chain(int v) {
    FloatBuffer factors = scale.data().floats();
    int slot = v * length % slots.length;
    double sum = 0;
    double dot = 0;
    for (int i = 0; i < length; i++) {
      double normal = (vector[i] - mean[v]) * inverse[v];
      int at = slots[slot + i];
      scaleSums[at] += gradient[i] * normal;
      shiftSums[at] += gradient[i];
      gradient[i] *= factors.get(at);
      sum += gradient[i];
      dot += gradient[i] * normal;
    }
    for (int i = 0; i < length; i++) {
      double normal = (vector[i] - mean[v]) * inverse[v];
      gradient[i] = (float) (inverse[v] * (gradient[i] - sum / length - normal * dot / length));
    }
  }

  private static void store(double[] sums, Value value) {
    if (value.differentiated()) {
      for (int i = 0; i < sums.length; i++) {
        value.requiredGradient().floats().put(i, (float) sums[i]);
      }
    }
  }
}
