package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    double bound = TangoTest.scoreBound(table, confidence);

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

    assertThat(TangoTest.scoreBound(new Agreement(samples, 0, 0, 0), 0.95))
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

  @ParameterizedTest
  @CsvSource({"1", "59", "5000"})
  void shouldGiveTheBinomialsBoundWhenNothingDisagrees(long samples) {
    assertThat(TangoTest.upperBound(new Agreement(samples, 0, 0, 0), 0.95))
        .isCloseTo(1 - Math.pow(0.05, 1.0 / samples), within(1e-9));
  }

  /** What 95 % confidence promises, at the fewest samples above all, and with few disagreements. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.02, 0.05})
  void shouldAcceptAModelThatIsJustTooBadInFewerThanSixOfAHundredCases(double tolerance) {
    int needed = (int) SampleSize.needed(tolerance, 0.95);
    for (int samples : new int[] {needed, needed + 30, 2 * needed}) {
      for (double times : new double[] {1, 1.1, 2, 5}) {
        double rate = new FalseAcceptance(samples, tolerance, times * tolerance).exact();
        assertThat(rate).as("n=%s, %s times", samples, times).isBetween(0.005, 0.056);
      }
    }
  }

  @Test
  void shouldCountAsOftenAsItDraws() {
    FalseAcceptance cell = new FalseAcceptance(200, 0.02, 0.06);

    assertThat(cell.simulated(10_000, 1)).isCloseTo(cell.exact(), within(0.008));
  }
}
