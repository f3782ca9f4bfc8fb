package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CriterionTest {
  private static final float[] WEIGHTS = {
    -3f, 0f, -0f, Float.MIN_VALUE, 1e-20f, -1e-20f, 0.5f, -Float.MAX_VALUE, 2.9f
  };

  @Test
  void shouldOrderKeysLikeAbsoluteValues() {
    int[] keys = keys(Policy.Criterion.MAGNITUDE, 1, 0);

    for (int i = 0; i < WEIGHTS.length; i++) {
      for (int j = 0; j < WEIGHTS.length; j++) {
        assertThat(Integer.signum(Integer.compareUnsigned(keys[i], keys[j])))
            .isEqualTo(Float.compare(Math.abs(WEIGHTS[i]), Math.abs(WEIGHTS[j])));
      }
    }
  }

  /** 1, 2, 2, 3 and 0: 1/18, 4/17, 4/17, 9/9 and 0. */
  @Test
  void shouldDivideByTheSquaresNotSmallerWhenLamp() {
    int[] keys = new int[5];
    Criterion.of(Policy.Criterion.LAMP, TestPolicies.policy(""))
        .score(0, Weights.of(Tensor.of(new float[] {-2, 0, 1, 3, 2}, 5)), null)
        .keys(0, 5, keys);

    assertThat(Arrays.stream(keys).mapToObj(Float::intBitsToFloat))
        .containsExactly(4 / 17f, 0f, 1 / 18f, 1f, 4 / 17f);
  }

  @Test
  void shouldBeUniformAndRepeatableWhenRandom() {
    Tensor tensor = Tensor.of(new float[100_000], 100_000);
    int[] whole = new int[100_000];
    int[] part = new int[10];
    Scores scores =
        Criterion.of(Policy.Criterion.RANDOM, TestPolicies.policy("seed: 5"))
            .score(2, Weights.of(tensor), null);
    scores.keys(0, whole.length, whole);
    scores.keys(70_000, part.length, part);

    int[] deciles = new int[10];
    for (int key : whole) {
      deciles[(int) (Integer.toUnsignedLong(key) * 10 >>> 32)]++;
    }
    assertThat(part).isEqualTo(Arrays.copyOfRange(whole, 70_000, 70_010));
    assertThat(Arrays.stream(deciles)).allMatch(count -> Math.abs(count - 10_000) < 500);
  }

  @Test
  void shouldDifferWhenSeedOrTensorDiffers() {
    int[] keys = keys(Policy.Criterion.RANDOM, 1, 0);

    assertThat(keys(Policy.Criterion.RANDOM, 2, 0)).isNotEqualTo(keys);
    assertThat(keys(Policy.Criterion.RANDOM, 1, 1)).isNotEqualTo(keys);
    assertThat(keys(Policy.Criterion.RANDOM, 1, 0)).isEqualTo(keys);
  }

  private static int[] keys(Policy.Criterion name, long seed, int ordinal) {
    int[] keys = new int[WEIGHTS.length];
    Criterion.of(name, TestPolicies.policy("seed: " + seed))
        .score(ordinal, Weights.of(Tensor.of(WEIGHTS, WEIGHTS.length)), null)
        .keys(0, keys.length, keys);
    return keys;
  }
}
