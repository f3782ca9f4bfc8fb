package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatioOfMediansTest {

  @Test
  void shouldBeTheRatioWhenNothingVaries() {
    assertThat(RatioOfMedians.lowerBound(List.of(3.0, 3.0, 3.0), List.of(2.0, 2.0, 2.0), 0.95, 1))
        .isEqualTo(1.5);
  }

  /**
   * Times as they are measured: log-normal noise shared by a pair and of each alone, and one in ten
   * interrupted for several times as long. A model that is not faster may pass in about 5 of 100.
   */
  @ParameterizedTest
  @CsvSource({"30, 0.2", "100, 0.2", "30, 0.02"})
  void shouldSeldomSeeASpeedUpThatIsNotThere(int repetitions, double noise) {
    Random random = new Random(7);
    int runs = 400;
    int passed = 0;
    for (int run = 0; run < runs; run++) {
      Times times = new Times(repetitions, noise, 1.0, random);
      passed += RatioOfMedians.lowerBound(times.before, times.after, 0.95, run) >= 1 ? 1 : 0;
    }
    // 5 % and three standard errors of the simulation.
    assertThat((double) passed / runs).isLessThanOrEqualTo(0.083);
  }

  @Test
  void shouldSeeASpeedUpOfATenthAmongUsualNoise() {
    Random random = new Random(8);
    int passed = 0;
    for (int run = 0; run < 100; run++) {
      Times times = new Times(30, 0.05, 1.1, random);
      passed += RatioOfMedians.lowerBound(times.before, times.after, 0.95, run) >= 1 ? 1 : 0;
    }
    assertThat(passed).isGreaterThanOrEqualTo(95);
  }

  @Test
  void shouldSayTheSameAgainWithTheSameSeed() {
    Times times = new Times(40, 0.3, 1.2, new Random(9));
    assertThat(RatioOfMedians.lowerBound(times.before, times.after, 0.9, 5))
        .isEqualTo(RatioOfMedians.lowerBound(times.before, times.after, 0.9, 5))
        .isLessThan(RatioOfMedians.lowerBound(times.before, times.after, 0.5, 5));
  }

  @Test
  void shouldRefuseMeasurementsWithoutCounterpart() {
    assertThatThrownBy(() -> RatioOfMedians.lowerBound(List.of(1.0), List.of(), 0.95, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.25, 1.75", "0.5, 2.5", "1, 4"})
  void shouldInterpolateQuantiles(double level, double expected) {
    assertThat(RatioOfMedians.quantile(List.of(4.0, 1.0, 3.0, 2.0), level))
        .isEqualTo(expected, within(1e-12));
  }

  private static final class Times {
    final List<Double> before = new ArrayList<>();
    final List<Double> after;

    Times(int n, double noise, double ratio, Random random) {
      double[] faster = new double[n];
      for (int i = 0; i < n; i++) {
        double shared = Math.exp(noise * random.nextGaussian());
        before.add(ratio * shared * own(noise, random));
        faster[i] = shared * own(noise, random);
      }
      after = DoubleStream.of(faster).boxed().toList();
    }

    private static double own(double noise, Random random) {
      double interrupted = random.nextInt(10) == 0 ? 4 : 1;
      return interrupted * Math.exp(noise * random.nextGaussian());
    }
  }
}
