package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy.Criterion;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.ChannelPart.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelTaylorTest {
  private static final Tensor READER = Tensor.zeros(DataType.FLOAT, 2, 4);

  /**
   * Two batches of half of the samples each. Channel 0 gains in one what it loses in the other:
   * their mean knows nothing of it, their squares do. Sums of two reading kernels: (3, −3), (1, 1),
   * (0, 2), (0, 0); the roots of the means of their squares 3, 1, √2, 0.
   */
  @Test
  void shouldAddUpTheWeightsOfEachBatchBeforeItSquares() {
    ChannelPart one = reading(1, 1, 3, 0, -1, 2, 1, 0);
    ChannelPart other = reading(2, 0, -3, 0, -2, -1, 1, 0);
    int[] keys = new int[4];

    ChannelCriterion.of(Criterion.TAYLOR, 1)
        .score(0, new Channels(4, channel -> true, List.of(one, other)))
        .keys(0, 4, keys);

    double[] expected = {3, 1, Math.sqrt(2), 0};
    for (int c = 0; c < keys.length; c++) {
      assertThat((double) Float.intBitsToFloat(keys[c])).isCloseTo(expected[c], within(1e-6));
    }
  }

  /** A kernel that reads the channels, with Σ g·w of each in two batches of half of the samples. */
  private static ChannelPart reading(double... products) {
    Tensor sums = Tensor.zeros(DataType.DOUBLE, 2, 4);
    for (int i = 0; i < products.length; i++) {
      sums.doubles().put(i, Math.sqrt(0.5) * products[i]);
    }
    return new ChannelPart(Role.READER, Weights.of(READER), null, sums, 4, 1, c -> c);
  }
}
