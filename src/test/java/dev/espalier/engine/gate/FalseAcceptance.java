package dev.espalier.engine.gate;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.util.CombinatoricsUtils;

/**
 * How often the gate accepts a model that is worse by exactly the tolerance, the worst model it may
 * not accept more often than 1 − confidence: by summing over all tables, and by drawing them.
 *
 * @param samples n, verdict samples
 * @param tolerance δ, the true drop and the tolerance
 * @param disagreement probability that exactly one of the two models is right, at least δ
 */
record FalseAcceptance(int samples, double tolerance, double disagreement) {
  private static final double CONFIDENCE = 0.95;

  /** Deviations beyond which a count is as good as impossible: 2 · 10⁻¹⁵ of the probability. */
  private static final double DEVIATIONS = 8;

  private double onlyBaseline() {
    return (disagreement + tolerance) / 2;
  }

  private double onlyPruned() {
    return (disagreement - tolerance) / 2;
  }

  private boolean accepts(int b, int c) {
    Agreement table = new Agreement(samples - b - c, b, c, 0);
    return TangoTest.upperBound(table, CONFIDENCE) <= tolerance;
  }

  /** Σ P(b, c) over the accepted tables, a multinomial distribution. */
  double exact() {
    double sum = 0;
    for (int b = least(onlyBaseline()); b <= most(onlyBaseline()); b++) {
      int end = Math.min(most(onlyPruned()), samples - b);
      for (int c = Math.max(least(onlyPruned()), firstAccepted(b)); c <= end; c++) {
        sum += probability(b, c);
      }
    }
    return sum;
  }

  /** Smallest c with which {@code b} is accepted: acceptance is monotone in c. */
  private int firstAccepted(int b) {
    int low = 0;
    int high = samples - b + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (middle > samples - b || accepts(b, middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private int least(double p) {
    return (int) Math.max(0, Math.floor(samples * p - DEVIATIONS * deviation(p) - DEVIATIONS));
  }

  private int most(double p) {
    return (int) Math.min(samples, Math.ceil(samples * p + DEVIATIONS * deviation(p) + DEVIATIONS));
  }

  private double deviation(double p) {
    return Math.sqrt(samples * p * (1 - p));
  }

  private double probability(int b, int c) {
    int rest = samples - b - c;
    double log =
        CombinatoricsUtils.factorialLog(samples)
            - CombinatoricsUtils.factorialLog(b)
            - CombinatoricsUtils.factorialLog(c)
            - CombinatoricsUtils.factorialLog(rest)
            + power(b, onlyBaseline())
            + power(c, onlyPruned())
            + power(rest, 1 - disagreement);
    return Math.exp(log);
  }

  private static double power(int count, double p) {
    return count == 0 ? 0 : count * Math.log(p);
  }

  /** The fraction accepted of {@code draws} drawn tables. */
  double simulated(int draws, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] both = cumulative(samples, disagreement);
    int[] needed = new int[samples + 1];
    Arrays.fill(needed, -1);
    int accepted = 0;
    for (int i = 0; i < draws; i++) {
      int differing = draw(both, random.nextDouble());
      int b = 0;
      for (int j = 0; j < differing; j++) {
        b += random.nextDouble() * disagreement < onlyBaseline() ? 1 : 0;
      }
      if (needed[b] < 0) {
        needed[b] = firstAccepted(b);
      }
      accepted += differing - b >= needed[b] ? 1 : 0;
    }
    return (double) accepted / draws;
  }

  private static double[] cumulative(int n, double p) {
    BinomialDistribution distribution = new BinomialDistribution(n, p);
    double[] sums = new double[n + 1];
    double sum = 0;
    for (int k = 0; k <= n; k++) {
      sum += distribution.probability(k);
      sums[k] = sum;
    }
    return sums;
  }

  private static int draw(double[] sums, double at) {
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Prints the table of {@code docs/gate.md}. */
  public static void main(String[] arguments) {
    int draws = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    double worst = 0;
    System.out.println("| tolerance | samples | disagreement | exact | simulated |");
    System.out.println("|---|---|---|---|---|");
    for (double tolerance : new double[] {0.005, 0.01, 0.02, 0.05}) {
      long needed = SampleSize.needed(tolerance, CONFIDENCE);
      for (long samples : new long[] {needed, 500, 1_000, 2_000, 5_000, 10_000}) {
        if (samples < needed || (samples == 500 && needed > 400 && needed < 600)) {
          continue;
        }
        for (double disagreement : new double[] {tolerance, 0.02, 0.06, 0.1, 0.2}) {
          if (disagreement < tolerance) {
            continue;
          }
          FalseAcceptance cell = new FalseAcceptance((int) samples, tolerance, disagreement);
          double exact = cell.exact();
          worst = Math.max(worst, exact);
          System.out.printf(
              "| %.1f pt | %,d | %.1f %% | %.2f %% | %.2f %% |%n",
              100 * tolerance,
              samples,
              100 * disagreement,
              100 * exact,
              100 * cell.simulated(draws, 1));
        }
      }
    }
    System.out.printf("%nWorst: %.2f %%%n", 100 * worst);
  }
}
