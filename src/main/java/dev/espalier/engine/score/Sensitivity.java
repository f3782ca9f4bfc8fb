package dev.espalier.engine.score;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the loss depends on the weights of one tensor.
 *
 * @param weights w, float32
 * @param gradient g = ∂L/∂w over samples, their mean or the root of their mean square as the
 *     criterion asks; finite, float32, of the same shape
 */
public record Sensitivity(Tensor weights, Tensor gradient) implements Evidence {
  /** Checks the shapes. */
  public Sensitivity {
    if (!Arrays.equals(weights.shape(), gradient.shape())) {
      throw new IllegalArgumentException("gradient " + gradient + " of weights " + weights);
    }
  }

  /** The sensitivity that a criterion which needs it was given. */
  static Sensitivity required(@Nullable Evidence evidence) {
    if (evidence instanceof Sensitivity sensitivity) {
      return sensitivity;
    }
    throw new IllegalArgumentException("the criterion needs gradients");
  }

  /** Scores that are functions of g·w. */
  Scores ofProducts(Summation summation, ProductKey key) {
    return new Products(weights.floats(), gradient.floats(), summation, key);
  }

  /** The key of a product g·w, which is exact: two floats' product fits a double. */
  interface ProductKey {
    int of(double product);
  }

  private record Products(
      FloatBuffer weights, FloatBuffer gradient, Summation summation, ProductKey key)
      implements Scores {
    @Override
    public int size() {
      return weights.capacity();
    }

    @Override
    public void keys(int from, int count, int[] into) {
      for (int i = 0; i < count; i++) {
        into[i] = key.of((double) gradient.get(from + i) * weights.get(from + i));
      }
    }
  }
}
