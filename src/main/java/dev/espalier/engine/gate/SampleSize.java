package dev.espalier.engine.gate;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;

/** How many verdict samples a tolerance needs. */
public final class SampleSize {
  /** Power and disagreement behind {@link #advised}. */
  private static final double POWER = 0.8;

  private static final double DISAGREEMENT = 0.06;

  /** Fewest verdict samples for {@link PairedBootstrap}. */
  private static final long FEWEST_RESAMPLED = 100;

  private SampleSize() {}

  /**
   * Fewest samples with which the gate can ever pass: with no drop and no disagreement {@link
   * TangoTest}'s bounds are z²/(n + z²), which is within δ from n = z²(1 − δ)/δ on, and 1 −
   * α^(1/n), which is so from n = ln α / ln(1 − δ) on, with α = 1 − confidence.
   *
   * @param tolerance δ, in (0, 1)
   * @param confidence one-sided, in [0.5, 1)
   */
  public static long needed(double tolerance, double confidence) {
    double z = TangoTest.quantile(confidence);
    double score = z * z * (1 - tolerance) / tolerance;
    double exact = Math.log1p(-confidence) / Math.log1p(-tolerance);
    return (long) Math.ceil(Math.max(score, exact));
  }

  /**
   * Samples with which a model as good as its baseline passes in 80 of 100 cases, when the two
   * disagree on 6 % of the samples: (z₁₋α + z₀.₈)² · 0.06 / δ², the normal approximation for paired
   * proportions.
   *
   * @param tolerance δ, in (0, 1)
   * @param confidence one-sided, in [0.5, 1)
   */
  public static long advised(double tolerance, double confidence) {
    double z = TangoTest.quantile(confidence) + TangoTest.quantile(POWER);
    return (long) Math.ceil(z * z * DISAGREEMENT / (tolerance * tolerance));
  }

  /**
   * Smallest tolerance that {@code samples} can ever show: {@link #needed} the other way round.
   *
   * @param confidence one-sided, in [0.5, 1)
   */
  public static double smallestDrop(long samples, double confidence) {
    double z = TangoTest.quantile(confidence);
    double score = z * z / (samples + z * z);
    double exact = -Math.expm1(Math.log1p(-confidence) / samples);
    return Math.max(score, exact);
  }

  /**
   * Smallest tolerance that a model as good as its baseline shows on {@code samples} in 80 of 100
   * cases, at 6 % disagreement: {@link #advised} the other way round.
   *
   * @param confidence one-sided, in [0.5, 1)
   */
  public static double likelyDrop(long samples, double confidence) {
    double z = TangoTest.quantile(confidence) + TangoTest.quantile(POWER);
    return z * Math.sqrt(DISAGREEMENT / samples);
  }

  /**
   * Checks that resamples of the verdict samples can stand for others. An interval of fewer than
   * {@value #FEWEST_RESAMPLED} is too narrow where errors are skewed, and one of a handful may have
   * no width at all.
   *
   * @param samples verdict samples, half of the data set
   * @throws Refusal {@code data-too-few} with the number needed
   */
  public static void requireForBootstrap(long samples) {
    if (samples < FEWEST_RESAMPLED) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW,
          "%d verdict samples cannot bound the drop: %d are needed, so at least %d validation samples"
              .formatted(samples, FEWEST_RESAMPLED, 2 * FEWEST_RESAMPLED - 1));
    }
  }

  /**
   * Checks that the gate can pass at all, for a metric that is a proportion.
   *
   * @param samples verdict samples, half of the data set
   * @throws Refusal {@code data-too-few} with the number needed, {@code policy-invalid} for a
   *     tolerance of zero, which no number of samples can show
   */
  public static void require(long samples, double tolerance, double confidence) {
    if (tolerance <= 0) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "gate.max-drop is 0, which no number of samples can show; allow a drop above 0");
    }
    long needed = needed(tolerance, confidence);
    if (samples < needed) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW,
          ("%d verdict samples cannot show a drop of at most %s at confidence %s: %d are needed,"
                  + " so at least %d validation samples")
              .formatted(samples, tolerance, confidence, needed, 2 * needed - 1));
    }
  }
}
