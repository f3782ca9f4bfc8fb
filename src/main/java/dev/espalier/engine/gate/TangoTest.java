package dev.espalier.engine.gate;

import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Score test for the difference of paired proportions (Tango 1998, Statistics in Medicine
 * 17:891–908). With n samples, b right only by the baseline and c only by the pruned model, the
 * statistic for a true drop δ is
 *
 * <pre>
 * Z(δ) = (b − c − nδ) / sqrt(n (2q + δ(1 − δ)))
 * q    = (sqrt(B² − 4AC) − B) / 2A     A = 2n    B = −b − c + (2n − b + c)δ    C = −cδ(1 − δ)
 * </pre>
 *
 * with q the maximum-likelihood estimate, under that δ, of the probability behind c. Z falls in δ;
 * the upper bound is where it reaches −z.
 *
 * <p>Where the pruned model is right on no sample that the baseline gets wrong (c = 0), counts are
 * too coarse for the normal approximation: near the smallest possible disagreement the test alone
 * accepts up to 6.9 % of the models that are just too bad. There the exact bound of Clopper and
 * Pearson (1934, Biometrika 26:404–413) on the probability behind b, which the drop cannot exceed
 * when c's is zero, decides too: the larger of the two bounds holds.
 */
public final class TangoTest {
  /** The test's name in results. */
  public static final String NAME = "tango-score";

  private static final double ACCURACY = 1e-12;
  private static final int EVALUATIONS = 200;

  private TangoTest() {}

  /**
   * One-sided upper confidence bound of the drop, in [−1, 1].
   *
   * @param table at least one sample
   * @param confidence in [0.5, 1)
   */
  public static double upperBound(Agreement table, double confidence) {
    double bound = scoreBound(table, confidence);
    return table.onlyPruned() == 0 ? Math.max(bound, exactBound(table, confidence)) : bound;
  }

  /** p with P(B ≤ b | n, p) = 1 − confidence for a binomial B. */
  private static double exactBound(Agreement table, double confidence) {
    long rest = table.samples() - table.onlyBaseline();
    return rest == 0
        ? 1
        : new BetaDistribution(null, table.onlyBaseline() + 1.0, rest)
            .inverseCumulativeProbability(confidence);
  }

  /** Where Z(δ) reaches −z, for any table. */
  static double scoreBound(Agreement table, double confidence) {
    double z = quantile(confidence);
    double estimate = table.drop();
    if (z == 0 || estimate == 1) {
      return estimate;
    }
    double nearOne = Math.nextDown(1.0);
    double justAbove = Math.min(nearOne, estimate + ACCURACY);
    if (statistic(table, nearOne) > -z) {
      return 1;
    }
    if (statistic(table, justAbove) <= -z) {
      return estimate;
    }
    return new BrentSolver(ACCURACY)
        .solve(EVALUATIONS, drop -> statistic(table, drop) + z, justAbove, nearOne);
  }

  /** Z(δ) for δ in (−1, 1); infinite where the variance under δ is zero. */
  static double statistic(Agreement table, double drop) {
    double n = table.samples();
    double b = table.onlyBaseline();
    double c = table.onlyPruned();
    double variance = n * (2 * onlyPrunedUnder(table, drop) + drop * (1 - drop));
    return (b - c - n * drop) / Math.sqrt(Math.max(variance, 0));
  }

  /** q: maximum-likelihood probability of "only pruned right" when the true drop is {@code δ}. */
  private static double onlyPrunedUnder(Agreement table, double drop) {
    double n = table.samples();
    double b = table.onlyBaseline();
    double c = table.onlyPruned();
    double linear = -b - c + (2 * n - b + c) * drop;
    double constant = -c * drop * (1 - drop);
    double root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
    return (root - linear) / (4 * n);
  }

  /** z with P(Z ≤ z) = {@code confidence} for a standard normal Z. */
  static double quantile(double confidence) {
    return new NormalDistribution(0, 1).inverseCumulativeProbability(confidence);
  }
}
