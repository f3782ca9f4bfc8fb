package dev.espalier.engine.gate;

import dev.espalier.engine.metric.Measurement;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongConsumer;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Bias-corrected and accelerated bootstrap (BCa) of the drop between two models on the same samples
 * (Efron 1987, Journal of the American Statistical Association 82:171–185). Samples are drawn with
 * replacement, each draw for both models. With θ̂ the drop, B resamples θ*, and leave-one-out drops
 * θ₍ᵢ₎ with mean θ̄:
 *
 * <pre>
 * z₀ = Φ⁻¹(fraction of θ* below θ̂, ties counting half)
 * a  = Σ(θ̄ − θ₍ᵢ₎)³ / 6 (Σ(θ̄ − θ₍ᵢ₎)²)^1.5
 * upper bound = quantile of θ* at Φ(z₀ + (z₀ + z) / (1 − a(z₀ + z)))
 * </pre>
 *
 * Where nothing varies, the bound is the drop. A resample on which the metric is undefined counts
 * as the largest drop of all.
 */
final class PairedBootstrap {
  /** The test's name in results. */
  static final String NAME = "paired-bootstrap-bca";

  private static final int RESAMPLES = 10_000;

  private static final NormalDistribution NORMAL = new NormalDistribution(0, 1);

  private final Measurement baseline;
  private final Measurement pruned;
  private final DoubleBinaryOperator drop;
  private final int resamples;

  /**
   * Two models on the same samples.
   *
   * @param drop the drop from the baseline's metric to the pruned model's
   */
  PairedBootstrap(Measurement baseline, Measurement pruned, DoubleBinaryOperator drop) {
    this(baseline, pruned, drop, RESAMPLES);
  }

  /** The same with another number of resamples. */
  PairedBootstrap(
      Measurement baseline, Measurement pruned, DoubleBinaryOperator drop, int resamples) {
    this.resamples = resamples;
    this.baseline = baseline;
    this.pruned = pruned;
    this.drop = drop;
  }

  /**
   * One-sided upper confidence bound of the drop.
   *
   * @param confidence in [0.5, 1)
   * @param seed of the draws: the same gives the same bound
   * @param resampled told after each resample
   */
  double upperBound(double confidence, long seed, LongConsumer resampled) {
    double estimate = drop.applyAsDouble(baseline.value(), pruned.value());
    double[] drops = resamples(seed, resampled);
    if (drops[0] == estimate && drops[drops.length - 1] == estimate) {
      return estimate;
    }
    double z = NORMAL.inverseCumulativeProbability(confidence);
    double shifted = bias(drops, estimate) + z;
    double denominator = 1 - acceleration() * shifted;
    double level =
        denominator <= 0 ? 1 : NORMAL.cumulativeProbability(shifted - z + shifted / denominator);
    int rank = (int) Math.ceil(level * (drops.length + 1)) - 1;
    return drops[Math.max(0, Math.min(drops.length - 1, rank))];
  }

  private double[] resamples(long seed, LongConsumer resampled) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] drops = new double[resamples];
    int[] counts = new int[baseline.samples()];
    for (int resample = 0; resample < resamples; resample++) {
      Arrays.fill(counts, 0);
      for (int draw = 0; draw < counts.length; draw++) {
        counts[random.nextInt(counts.length)]++;
      }
      drops[resample] = drop.applyAsDouble(baseline.value(counts), pruned.value(counts));
      resampled.accept(1);
    }
    Arrays.sort(drops); // NaN last
    return drops;
  }

  /** z₀; both ends stay finite as if one more resample lay beyond. */
  private static double bias(double[] sorted, double estimate) {
    double below = 0;
    for (double value : sorted) {
      below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
    }
    double most = sorted.length - 0.5;
    return NORMAL.inverseCumulativeProbability(
        Math.max(0.5, Math.min(most, below)) / sorted.length);
  }

  private double acceleration() {
    int n = baseline.samples();
    double[] without = new double[n];
    for (int i = 0; i < n; i++) {
      without[i] = drop.applyAsDouble(baseline.without(i), pruned.without(i));
    }
    double mean = Arrays.stream(without).sum() / n;
    double cubes = 0;
    double squares = 0;
    for (double value : without) {
      double difference = mean - value;
      squares += difference * difference;
      cubes += difference * difference * difference;
    }
    return squares > 0 ? cubes / (6 * Math.pow(squares, 1.5)) : 0;
  }
}
