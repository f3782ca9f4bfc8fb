package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy.Recover.LearningRateSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTest {
  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 8, 0, 0.4",
    "CONSTANT, 8, 7, 0.4",
    "COSINE, 8, 0, 0.4",
    "COSINE, 8, 4, 0.2",
    "COSINE, 8, 7, 0.015224",
    "COSINE, 1, 0, 0.4",
    "STEP, 8, 3, 0.4",
    "STEP, 8, 4, 0.04",
    "STEP, 8, 5, 0.04",
    "STEP, 8, 6, 0.004",
    "STEP, 7, 3, 0.4",
    "STEP, 7, 4, 0.04",
    "STEP, 1, 0, 0.4",
    "STEP, 4000000000, 1999999999, 0.4",
    "STEP, 4000000000, 3000000000, 0.004",
  })
  void shouldFallAsTheScheduleSays(
      LearningRateSchedule schedule, long updates, long update, double rate) {
    assertThat(new LearningRate(schedule, 0.4, updates).at(update)).isCloseTo(rate, within(1e-6));
  }

  @Test
  void shouldNeverRiseNorReachZeroBeforeTheEnd() {
    for (LearningRateSchedule schedule : LearningRateSchedule.values()) {
      LearningRate rate = new LearningRate(schedule, 0.001, 1_000);
      for (int update = 1; update < 1_000; update++) {
        assertThat(rate.at(update)).isPositive().isLessThanOrEqualTo(rate.at(update - 1));
      }
    }
  }
}
