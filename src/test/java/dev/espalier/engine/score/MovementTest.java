package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MovementTest {
  private static final Criterion MOVEMENT =
      Criterion.of(Policy.Criterion.MOVEMENT, TestPolicies.policy(""));

  /** Sums 0.5, -2, 0, 3 and -1e-9 are scores -0.5, 2, 0, -3 and 1e-9, whatever the weights. */
  @Test
  void shouldRemoveFirstWhatTrainingMovesTowardsZero() {
    Tensor sums = Tensor.of(new float[] {0.5f, -2, 0, 3, -1e-9f}, 5);
    int[] keys = new int[5];

    MOVEMENT
        .score(0, Weights.of(Tensor.of(new float[] {9, 1, 0, -7, 2}, 5)), new Moved(sums))
        .keys(0, 5, keys);

    assertThat(
            IntStream.range(0, 5)
                .boxed()
                .sorted(Comparator.comparing(i -> Integer.toUnsignedLong(keys[i])))
                .toList())
        .containsExactly(3, 0, 2, 4, 1);
  }

  @Test
  void shouldNotScoreWhenNothingIsKnownOfTheMovement() {
    Weights weights = Weights.of(Tensor.of(new float[3], 3));

    assertThatThrownBy(() -> MOVEMENT.score(0, weights, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
