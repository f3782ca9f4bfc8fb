package dev.espalier.engine.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** One class against the others: samples sorted by score once, so that a resample is one pass. */
final class Ranking {
  private final int[] order;
  private final boolean[] positive;
  private final boolean[] tiedWithNext;
  private final double[] placement;
  private final int positives;
  private final double value;

  /**
   * Sorts the samples.
   *
   * @param scores of each sample, none NaN
   * @param positive which are of the class; some are and some are not
   */
  Ranking(float[] scores, boolean[] positive) {
    this.positive = positive;
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i] + 0.0))
            .mapToInt(Integer::intValue)
            .toArray();
    this.tiedWithNext = new boolean[order.length];
    for (int i = 0; i + 1 < order.length; i++) {
      tiedWithNext[i] = scores[order[i]] == scores[order[i + 1]];
    }
    int[] once = new int[order.length];
    Arrays.fill(once, 1);
    this.positives = (int) IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    this.value = value(once);
    this.placement = placements();
  }

  double value() {
    return value;
  }

  /** The statistic when sample i counts {@code counts[i]} times; NaN when a side is empty. */
  double value(int[] counts) {
    double pairs = 0;
    long below = 0;
    long above = 0;
    long tiedPositives = 0;
    long tiedNegatives = 0;
    for (int rank = 0; rank < order.length; rank++) {
      int sample = order[rank];
      if (positive[sample]) {
        tiedPositives += counts[sample];
      } else {
        tiedNegatives += counts[sample];
      }
      if (!tiedWithNext[rank]) {
        pairs += tiedPositives * (below + 0.5 * tiedNegatives);
        below += tiedNegatives;
        above += tiedPositives;
        tiedPositives = 0;
        tiedNegatives = 0;
      }
    }
    return pairs / ((double) above * below);
  }

  /** Fraction of the other side that each sample is ranked right against, ties counting half. */
  private double[] placements() {
    double[] placements = new double[order.length];
    int negatives = order.length - positives;
    int below = 0;
    int belowPositive = 0;
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (tiedWithNext[to - 1]) {
        to++;
      }
      int tiedPositives = 0;
      for (int rank = from; rank < to; rank++) {
        tiedPositives += positive[order[rank]] ? 1 : 0;
      }
      int tiedNegatives = to - from - tiedPositives;
      double rightOfNegatives = (below + 0.5 * tiedNegatives) / negatives;
      double rightOfPositives = (positives - belowPositive - 0.5 * tiedPositives) / positives;
      for (int rank = from; rank < to; rank++) {
        placements[order[rank]] = positive[order[rank]] ? rightOfNegatives : rightOfPositives;
      }
      below += tiedNegatives;
      belowPositive += tiedPositives;
      from = to;
    }
    return placements;
  }

  /** The statistic without one sample: its pairs leave, and its side is one smaller. */
  double without(int sample) {
    int side = positive[sample] ? positives : order.length - positives;
    return side == 1 ? value : (side * value - placement[sample]) / (side - 1);
  }
}
