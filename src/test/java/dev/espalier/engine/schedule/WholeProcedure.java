package dev.espalier.engine.schedule;

import dev.espalier.contract.Metric;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.engine.gate.Agreement;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.TangoTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Search and verdict on models whose true drop is known: δ·(s/s*)⁴ at sparsity s, so that
 * everything above s* is too bad. Both halves are drawn, with as many disagreements as the drop
 * asks for and 4 % more.
 *
 * @param samples of each half
 * @param tolerance δ
 * @param threshold s*
 * @param schedule that brackets
 */
record WholeProcedure(int samples, double tolerance, double threshold, Schedule schedule) {
  private static final double CONFIDENCE = 0.95;
  private static final double NOISE = 0.04;

  /**
   * How runs ended.
   *
   * @param falselyAccepted whose result is above s*
   * @param accepted with a result at all
   * @param found mean of result over s*, of those
   */
  record Ends(double falselyAccepted, double accepted, double found) {}

  Ends run(int runs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int falsely = 0;
    int accepted = 0;
    double found = 0;
    for (int i = 0; i < runs; i++) {
      Optional<Double> result = result(random);
      if (result.isPresent()) {
        accepted++;
        found += result.get() / threshold;
        falsely += result.get() > threshold ? 1 : 0;
      }
    }
    return new Ends((double) falsely / runs, (double) accepted / runs, found / accepted);
  }

  /** The sparsity that one run ends with. */
  private Optional<Double> result(SplittableRandom random) {
    Gate gate =
        new Gate(
            new Policy.Gate(
                Metric.ACCURACY,
                tolerance,
                Policy.Gate.DropType.ABSOLUTE,
                CONFIDENCE,
                null,
                0,
                null));
    Course course =
        new Course(
            schedule, List.of(Criterion.MAGNITUDE), new Policy.Search(true, 0.005, 12), 0.98);
    List<Course.Tried> tried = new ArrayList<>();
    for (Optional<Course.Move> move = course.next(tried);
        move.isPresent();
        move = course.next(tried)) {
      double sparsity = move.get().sparsity();
      Agreement table = draw(sparsity, random);
      double bound = TangoTest.upperBound(table, CONFIDENCE);
      boolean safe = gate.isSafe(table.baseline(), table.drop(), bound);
      tried.add(
          new Course.Tried(
              Criterion.MAGNITUDE, sparsity, sparsity, bound <= tolerance, safe, false));
    }
    Optional<Double> last = Optional.empty();
    for (Course.Tried candidate :
        tried.stream()
            .filter(Course.Tried::accepted)
            .sorted(Comparator.comparingDouble(Course.Tried::sparsity))
            .toList()) {
      Agreement verdict = draw(candidate.sparsity(), random);
      if (TangoTest.upperBound(verdict, CONFIDENCE) > tolerance) {
        return last;
      }
      last = Optional.of(candidate.sparsity());
    }
    return last;
  }

  private Agreement draw(double sparsity, SplittableRandom random) {
    double drop = tolerance * Math.pow(sparsity / threshold, 4);
    double lost = drop + NOISE / 2;
    int b = 0;
    int c = 0;
    for (int i = 0; i < samples; i++) {
      double u = random.nextDouble();
      if (u < lost) {
        b++;
      } else if (u < lost + NOISE / 2) {
        c++;
      }
    }
    return new Agreement(samples - b - c, b, c, 0);
  }

  /** Prints the second table of {@code docs/gate.md}. */
  public static void main(String[] arguments) {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    System.out.println(
        "| schedule | samples | tolerance | s* | too bad | with a result | result / s* |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Policy.Schedule policy :
        List.of(
            new Policy.Schedule(Policy.Schedule.Kind.CUBIC, 0, 8),
            new Policy.Schedule(Policy.Schedule.Kind.ONE_SHOT, 0, 1))) {
      for (int samples : new int[] {1_000, 5_000}) {
        for (double tolerance : new double[] {0.01, 0.02}) {
          for (double threshold : new double[] {0.5, 0.93}) {
            Ends ends =
                new WholeProcedure(samples, tolerance, threshold, Schedule.of(policy, 0.9))
                    .run(runs, 1);
            System.out.printf(
                "| %s | %,d | %.0f pt | %.2f | %.2f %% | %.1f %% | %.3f |%n",
                policy.steps() == 1 ? "one-shot" : "cubic, 8 steps",
                samples,
                100 * tolerance,
                threshold,
                100 * ends.falselyAccepted(),
                100 * ends.accepted(),
                ends.found());
          }
        }
      }
    }
  }
}
