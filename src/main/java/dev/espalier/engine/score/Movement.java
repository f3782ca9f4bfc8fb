package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = −Σ g·w} over the updates of recovery, with g = ∂L/∂w (Sanh, Wolf and Rush 2020,
 * arXiv:2005.07683, equation 2, without the step size, which changes no order): weights that
 * training moves towards zero go first, however large they are. The paper learns the scores along
 * with the weights and lets removed ones come back; here what is removed stays so, and the sums run
 * on from step to step. A weight that does not move, such as one of a frozen layer, has s = 0.
 */
record Movement() implements Criterion {
  @Override
  public Need need() {
    return Need.MOVEMENT;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    FloatBuffer sums = Moved.required(evidence).sums().floats();
    if (sums.capacity() != weights.size()) {
      throw new IllegalArgumentException(
          "%d sums for %d weights".formatted(sums.capacity(), weights.size()));
    }
    return new Scores() {
      @Override
      public int size() {
        return sums.capacity();
      }

      @Override
      public void keys(int from, int count, int[] into) {
        for (int i = 0; i < count; i++) {
          into[i] = Keys.ofSigned(-sums.get(from + i));
        }
      }
    };
  }
}
