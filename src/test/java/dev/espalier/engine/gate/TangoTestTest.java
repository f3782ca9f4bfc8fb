package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TangoTestTest {

  /**
   * Airway hyper-responsiveness before and after transplantation (Bentur et al. 2009), 95 %
   * two-sided interval −0.517 to −0.026 in Fagerland, Lydersen and Laake 2014, Statistics in
   * Medicine 33:2850–2875.
   */
  @Test
  void shouldGiveThePublishedIntervalWhenGivenThePublishedTable() {
    Agreement table = new Agreement(1, 1, 7, 12);
    Agreement mirrored = new Agreement(1, 7, 1, 12);

    assertThat(TangoTest.upperBound(table, 0.975)).isCloseTo(-0.026, within(0.0005));
    assertThat(-TangoTest.upperBound(mirrored, 0.975)).isCloseTo(-0.517, within(0.0005));
  }

  @ParameterizedTest
  @CsvSource({
    "50, 3, 2, 5, 0.95",
    "900, 40, 25, 35, 0.95",
    "4300, 180, 170, 350, 0.95",
    "80, 0, 6, 14, 0.9",
    "80, 6, 0, 14, 0.99",
    "3, 1, 1, 0, 0.95",
    "0, 5, 0, 1, 0.95",
  })
  void shouldSolveTheScoreEquationWhenTheLikelihoodIsMaximisedByBruteForce(
      long both, long b, long c, long neither, double confidence) {
    Agreement table = new Agreement(both, b, c, neither);

    double bound = TangoTest.upperBound(table, confidence);

    assertThat(bruteForceStatistic(table, bound))
        .isCloseTo(-TangoTest.quantile(confidence), within(1e-4));
    assertThat(bound).isGreaterThan(table.drop());
  }

  /** Z(δ) with the multinomial likelihood maximised numerically instead of in closed form. */
  private static double bruteForceStatistic(Agreement table, double drop) {
    double low = Math.max(0, -drop);
    double high = (1 - drop) / 2;
    for (int i = 0; i < 200; i++) {
      double left = low + (high - low) / 3;
      double right = high - (high - low) / 3;
      if (logLikelihood(table, left, drop) < logLikelihood(table, right, drop)) {
        low = left;
      } else {
        high = right;
      }
    }
    double n = table.samples();
    double variance = (2 * low + drop - drop * drop) / n;
    return (table.drop() - drop) / Math.sqrt(variance);
  }

  private static double logLikelihood(Agreement table, double q, double drop) {
    long concordant = table.both() + table.neither();
    return term(table.onlyBaseline(), q + drop)
        + term(table.onlyPruned(), q)
        + term(concordant, 1 - 2 * q - drop);
  }

  private static double term(long count, double probability) {
    return count == 0 ? 0 : count * Math.log(Math.max(probability, 1e-300));
  }

  @ParameterizedTest
  @CsvSource({"1", "20", "268", "5000"})
  void shouldGiveTheClosedFormWhenNothingDisagrees(long samples) {
    double z = TangoTest.quantile(0.95);

    assertThat(TangoTest.upperBound(new Agreement(samples, 0, 0, 0), 0.95))
        .isCloseTo(z * z / (samples + z * z), within(1e-9));
  }

  @Test
  void shouldGiveOneWhenThePrunedModelLosesEverySample() {
    assertThat(TangoTest.upperBound(new Agreement(0, 30, 0, 0), 0.95)).isOne();
  }

  @Test
  void shouldStayBelowOneWhenThePrunedModelWinsEverySample() {
    assertThat(TangoTest.upperBound(new Agreement(0, 0, 30, 0), 0.95)).isBetween(-1.0, -0.8);
  }

  @Test
  void shouldGiveThePointEstimateWhenConfidenceIsAHalf() {
    assertThat(TangoTest.upperBound(new Agreement(90, 5, 3, 2), 0.5)).isEqualTo(0.02);
  }

  /** At a true drop equal to the tolerance, about α of the models are accepted, never many more. */
  @ParameterizedTest
  @CsvSource({"200, 0.02, 0.06", "1000, 0.02, 0.08", "5000, 0.01, 0.05"})
  void shouldKeepFalseAcceptsNearAlpha(int samples, double tolerance, double disagreement) {
    Random random = new Random(20_261_124);
    double onlyBaseline = (disagreement + tolerance) / 2;
    int trials = 4_000;
    int accepted = 0;
    for (int trial = 0; trial < trials; trial++) {
      long b = 0;
      long c = 0;
      for (int i = 0; i < samples; i++) {
        double u = random.nextDouble();
        b += u < onlyBaseline ? 1 : 0;
        c += u >= onlyBaseline && u < disagreement ? 1 : 0;
      }
      Agreement table = new Agreement(samples - b - c, b, c, 0);
      accepted += TangoTest.upperBound(table, 0.95) <= tolerance ? 1 : 0;
    }
    assertThat((double) accepted / trials).isBetween(0.03, 0.066);
  }
}
