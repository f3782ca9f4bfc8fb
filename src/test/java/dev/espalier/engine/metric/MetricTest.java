package dev.espalier.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetricTest {

  static Stream<Object[]> casesAndMetrics() throws IOException {
    return ScoredCase.withMetrics();
  }

  @ParameterizedTest
  @MethodSource("casesAndMetrics")
  void shouldGiveWhatScikitLearnGives(ScoredCase scored, Metric metric) {
    double value = scored.measure(metric, scored.everySample()).value();

    assertThat(value).isCloseTo(scored.expected().get(metric), within(2e-6));
  }

  /** R² is the exception: its resamples keep part of the mean. */
  @ParameterizedTest
  @MethodSource("casesAndMetrics")
  void shouldScoreAResampleAsIfItsSamplesWereThere(ScoredCase scored, Metric metric) {
    Random random = new Random(5);
    int n = scored.outputs().size();
    int[] drawn = random.ints(n, 0, n).toArray();
    int[] counts = new int[n];
    Arrays.stream(drawn).forEach(i -> counts[i]++);

    double resampled = scored.measure(metric, scored.everySample()).value(counts);

    assertThat(resampled)
        .isCloseTo(
            scored.measure(metric, drawn).value(), within(metric == Metric.R2 ? 2e-3 : 1e-12));
  }

  @ParameterizedTest
  @MethodSource("casesAndMetrics")
  void shouldScoreWithoutASampleAsIfItWereNotThere(ScoredCase scored, Metric metric) {
    Measurement all = scored.measure(metric, scored.everySample());

    for (int left : new int[] {0, 17, scored.outputs().size() - 1}) {
      int[] others = Arrays.stream(scored.everySample()).filter(i -> i != left).toArray();
      assertThat(all.without(left))
          .isCloseTo(
              scored.measure(metric, others).value(), within(metric == Metric.R2 ? 2e-3 : 1e-12));
    }
  }

  @Test
  void shouldGiveTheExactDeterminationWhenThereAreMoreSamplesThanItKeeps() {
    int n = 5_000;
    Random random = new Random(1);
    Determination meter = new Determination(n);
    double[] y = new double[n];
    double error = 0;
    for (int i = 0; i < n; i++) {
      y[i] = (float) (i / 1000.0 + random.nextGaussian());
      float guess = (float) (y[i] + random.nextGaussian());
      error += (guess - y[i]) * (guess - y[i]);
      meter.add(i, new float[] {guess}, new float[] {(float) y[i]});
    }
    double mean = Arrays.stream(y).average().orElseThrow();
    double deviation = Arrays.stream(y).map(v -> (v - mean) * (v - mean)).sum();

    assertThat(meter.measurement().value()).isCloseTo(1 - error / deviation, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "ACCURACY, REGRESSION, 1",
    "AUC, REGRESSION, 1",
    "RMSE, CLASSIFICATION, 10",
    "R2, MULTILABEL, 3",
    "TOP_5_ACCURACY, MULTILABEL, 10",
    "TOP_5_ACCURACY, CLASSIFICATION, 5",
    "TOP_5_ACCURACY, CLASSIFICATION, 1",
  })
  void shouldRefuseAMetricThatTheTaskDoesNotHave(Metric metric, Task task, int width) {
    assertThatThrownBy(() -> Yardstick.of(metric, task, ScoredCase.head(Head.Kind.RAW), width))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining(metric.wire());
  }

  @ParameterizedTest
  @CsvSource({"LOSS, CLASSIFICATION", "AUC, CLASSIFICATION", "RMSE, REGRESSION", "R2, REGRESSION"})
  void shouldHaveNoValueWhenTheModelSaysNoNumber(Metric metric, Task task) {
    Meter meter = Yardstick.of(metric, task, ScoredCase.head(Head.Kind.RAW), 1).meter(1);

    assertThatThrownBy(() -> meter.add(0, new float[] {Float.NaN}, new float[] {1}))
        .isInstanceOf(NotANumber.class);
  }

  @ParameterizedTest
  @CsvSource({"ACCURACY", "MACRO_F1", "TOP_5_ACCURACY"})
  void shouldCountASampleWrongWhenTheModelSaysNoNumber(Metric metric) {
    Meter meter =
        Yardstick.of(metric, Task.CLASSIFICATION, ScoredCase.head(Head.Kind.RAW), 6).meter(2);
    float[] fine = {0, 0, 9, 0, 0, 0};
    float[] broken = {0, 0, 9, 0, 0, Float.NaN};
    meter.add(0, fine, new float[] {2});
    meter.add(1, broken, new float[] {2});

    assertThat(meter.measurement().value()).isBetween(0.49, 0.67);
  }

  @Test
  void shouldStayFiniteWhenAProbabilityIsZero() {
    Meter meter =
        Yardstick.of(Metric.LOSS, Task.CLASSIFICATION, ScoredCase.head(Head.Kind.SOFTMAX), 2)
            .meter(1);
    meter.add(0, new float[] {1, 0}, new float[] {1});

    assertThat(meter.measurement().value()).isEqualTo(100);
  }

  @Test
  void shouldAskForSamplesWhenAClassHasTooFewToRank() {
    Meter meter =
        Yardstick.of(Metric.AUC, Task.CLASSIFICATION, ScoredCase.head(Head.Kind.RAW), 1).meter(60);
    IntStream.range(0, 60).forEach(i -> meter.add(i, new float[] {i}, new float[] {i < 9 ? 1 : 0}));

    assertThatThrownBy(meter::measurement).hasMessageContaining("data-too-few");
  }

  @Test
  void shouldRefuseMoreScoresThanResamplesCanVisit() {
    Meter meter =
        Yardstick.of(Metric.AUC, Task.CLASSIFICATION, ScoredCase.head(Head.Kind.RAW), 1000)
            .meter(5_000);

    assertThatThrownBy(() -> meter.add(0, new float[1000], new float[] {1}))
        .hasMessageContaining("macro-f1");
  }
}
