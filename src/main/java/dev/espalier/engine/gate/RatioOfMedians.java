package dev.espalier.engine.gate;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One-sided lower confidence bound of median(before) / median(after) of paired measurements, by the
 * percentile bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13):
 * pairs are drawn with replacement, and the bound is the (1 − confidence) quantile of the ratio
 * over {@value #RESAMPLES} draws. Medians, because times have a long tail of interruptions that say
 * nothing about the models.
 */
public final class RatioOfMedians {
  private static final int RESAMPLES = 2_000;

  /** Highest confidence that so many draws can tell. */
  public static final double STRICTEST = 1 - 1.0 / (RESAMPLES + 1);

  private RatioOfMedians() {}

  /**
   * The bound.
   *
   * @param before positive, at least one
   * @param after positive, one for each of {@code before}
   * @param confidence in [0.5, 1)
   * @param seed of the draws: the same gives the same bound
   */
  public static double lowerBound(
      List<Double> before, List<Double> after, double confidence, long seed) {
    int n = before.size();
    if (n == 0 || after.size() != n) {
      throw new IllegalArgumentException(n + " measurements against " + after.size());
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    double[] drawnBefore = new double[n];
    double[] drawnAfter = new double[n];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      for (int i = 0; i < n; i++) {
        int pair = random.nextInt(n);
        drawnBefore[i] = before.get(pair);
        drawnAfter[i] = after.get(pair);
      }
      ratios[resample] = median(drawnBefore) / median(drawnAfter);
    }
    Arrays.sort(ratios);
    int rank = (int) Math.floor((1 - confidence) * (RESAMPLES + 1)) - 1;
    return ratios[Math.max(0, rank)];
  }

  /** The quantile of {@code values} at {@code level} in [0, 1], linear between order statistics. */
  public static double quantile(List<Double> values, double level) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double at = level * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
