package dev.espalier.engine.gate;

import java.util.Map;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;

/**
 * How often classes are called harmed: by summing over all tables of one class, of which the
 * classes are independent copies, and by drawing the tables of all of them.
 *
 * @param classes m, all tested
 * @param samples n, of each class
 * @param tolerance τ, largest drop of a recall that is no harm
 * @param drop true drop of every class, at most the disagreement
 * @param disagreement probability that exactly one of the two models recognises a sample
 */
record FalseHarm(int classes, int samples, double tolerance, double drop, double disagreement) {
  private static final double CONFIDENCE = 0.95;

  /** Of one class, at the level of the first of {@code classes}. */
  double ofOne() {
    BinomialDistribution differing = new BinomialDistribution(samples, disagreement);
    double share = (disagreement + drop) / 2 / disagreement;
    double sum = 0;
    for (int differ = 0; differ <= samples; differ++) {
      double outer = differing.probability(differ);
      if (outer < 1e-15) {
        continue;
      }
      BinomialDistribution lost = new BinomialDistribution(differ, share);
      // Harm grows with the samples lost: the first that counts decides.
      int low = 0;
      int high = differ + 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (middle > differ || harms(middle, differ - middle)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      sum += outer * (low > differ ? 0 : 1 - lost.cumulativeProbability(low - 1));
    }
    return sum;
  }

  private boolean harms(int onlyBaseline, int onlyPruned) {
    double level = 1 - (1 - CONFIDENCE) / classes;
    Agreement table =
        new Agreement(samples - onlyBaseline - onlyPruned, onlyBaseline, onlyPruned, 0);
    return new ClassHarm(tolerance, level).bounds(Map.of(0, table)).get(0) > tolerance;
  }

  /** That at least one of all classes is called harmed. */
  double ofAny() {
    return 1 - Math.pow(1 - ofOne(), classes);
  }

  /** The fraction of {@code draws} in which at least one class is called harmed. */
  double simulated(int draws, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Boolean> known = new java.util.HashMap<>();
    int harmed = 0;
    for (int draw = 0; draw < draws; draw++) {
      boolean any = false;
      for (int c = 0; c < classes; c++) {
        int lost = 0;
        int gained = 0;
        for (int i = 0; i < samples; i++) {
          double u = random.nextDouble();
          lost += u < (disagreement + drop) / 2 ? 1 : 0;
          gained += u >= 1 - (disagreement - drop) / 2 ? 1 : 0;
        }
        int b = lost;
        int g = gained;
        any |= known.computeIfAbsent(((long) b << 32) | g, key -> harms(b, g));
      }
      harmed += any ? 1 : 0;
    }
    return (double) harmed / draws;
  }

  /** Prints the tables of {@code docs/gate.md}. */
  public static void main(String[] arguments) {
    int draws = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    double worst = 0;
    System.out.println(
        "| classes | samples of each | disagreement | no drop | drop of 5 pt | simulated |");
    System.out.println("|---|---|---|---|---|---|");
    for (int classes : new int[] {2, 10, 100}) {
      for (int samples : new int[] {50, 100, 500, 1_000}) {
        for (double disagreement : new double[] {0.06, 0.1, 0.2}) {
          FalseHarm none = new FalseHarm(classes, samples, 0.05, 0, disagreement);
          FalseHarm edge = new FalseHarm(classes, samples, 0.05, 0.05, disagreement);
          worst = Math.max(worst, edge.ofAny());
          System.out.printf(
              "| %d | %,d | %.0f %% | %.2f %% | %.2f %% | %.2f %% |%n",
              classes,
              samples,
              100 * disagreement,
              100 * none.ofAny(),
              100 * edge.ofAny(),
              100 * edge.simulated(draws / (classes >= 100 ? 10 : 1), 1));
        }
      }
    }
    System.out.printf("%nWorst: %.2f %%%n%n", 100 * worst);
    System.out.println("| classes | samples of each | drop 10 pt | 15 pt | 20 pt | 30 pt |");
    System.out.println("|---|---|---|---|---|---|");
    for (int classes : new int[] {2, 10, 100}) {
      for (int samples : new int[] {50, 100, 500, 1_000}) {
        System.out.printf("| %d | %,d |", classes, samples);
        for (double drop : new double[] {0.1, 0.15, 0.2, 0.3}) {
          FalseHarm one = new FalseHarm(classes, samples, 0.05, drop, drop + 0.04);
          System.out.printf(" %.0f %% |", 100 * one.ofOne());
        }
        System.out.println();
      }
    }
  }
}
