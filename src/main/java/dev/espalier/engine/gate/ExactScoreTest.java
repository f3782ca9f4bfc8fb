package dev.espalier.engine.gate;

import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * Exact unconditional test of "the drop is at most δ" with {@link TangoTest}'s statistic (Hsueh,
 * Liu and Chen 2001, Biometrics 57:478–483): instead of from the normal distribution, the p-value
 * comes from the multinomial one, for the worst value of the probability q that only the pruned
 * model is right:
 *
 * <pre>
 * p = max over q of Σ over c of P(c | n, q) · P(b ≥ b(c) | n − c, (q + δ) / (1 − q))
 * </pre>
 *
 * with b(c) the fewest lost samples whose statistic is as large as the one observed. The search for
 * q is confined to its Clopper-Pearson interval of error β, which is added to the p-value (Berger
 * and Boos 1994, Journal of the American Statistical Association 89:1012–1016).
 */
final class ExactScoreTest {
  /** β as a share of the test's level. */
  private static final double SHARE = 0.02;

  /** Values of q that are tried. */
  private static final int GRID = 16;

  private static final double NEGLIGIBLE = 1e-14;
  private static final double TIE = 1e-9;

  private ExactScoreTest() {}

  /**
   * Whether the drop is larger than {@code drop}.
   *
   * @param table at least one sample
   * @param drop δ, in [0, 1)
   * @param confidence 1 − level, in [0.5, 1)
   */
  static boolean exceeds(Agreement table, double drop, double confidence) {
    double level = 1 - confidence;
    double beta = SHARE * level;
    int n = Math.toIntExact(table.samples());
    double c = table.onlyPruned();
    double least = c == 0 ? 0 : quantile(c, n - c + 1, beta / 2);
    double most = c == n ? 1 : quantile(c + 1, n - c, 1 - beta / 2);
    double highest = Math.min(most, (1 - drop) / 2);
    double observed = TangoTest.statistic(table, drop);
    for (int i = 0; i <= GRID; i++) {
      double q = Math.min(least, highest) + i * (highest - Math.min(least, highest)) / GRID;
      if (tail(n, q, drop, observed, level) + beta > level) {
        return false;
      }
    }
    return true;
  }

  private static double quantile(double alpha, double beta, double probability) {
    return new BetaDistribution(null, alpha, beta).inverseCumulativeProbability(probability);
  }

  /** Σ over c, or anything above {@code enough} once it is that much. */
  private static double tail(int n, double q, double drop, double observed, double enough) {
    BinomialDistribution gained = new BinomialDistribution(null, n, q);
    double share = Math.min(1, (q + drop) / (1 - q));
    double sum = 0;
    for (int c = 0; c <= n && sum <= enough; c++) {
      double outer = gained.probability(c);
      if (outer > NEGLIGIBLE) {
        int fewest = fewestLost(n, c, drop, observed);
        if (fewest <= n - c) {
          BinomialDistribution lost = new BinomialDistribution(null, n - c, share);
          sum += outer * (fewest == 0 ? 1 : 1 - lost.cumulativeProbability(fewest - 1));
        }
      } else if (c > n * q) {
        break;
      }
    }
    return sum;
  }

  /** Fewest b whose statistic with {@code c} is at least the observed one: it grows with b. */
  private static int fewestLost(int n, int c, double drop, double observed) {
    int low = 0;
    int high = n - c + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean asLarge =
          middle > n - c
              || TangoTest.statistic(new Agreement(n - middle - c, middle, c, 0), drop)
                  >= observed - TIE;
      if (asLarge) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
