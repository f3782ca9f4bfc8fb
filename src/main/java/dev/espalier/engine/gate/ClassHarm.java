package dev.espalier.engine.gate;

import dev.espalier.contract.ClassDrop;
import dev.espalier.engine.metric.Recalls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the recall of some class has dropped by more than a tolerance, beyond doubt: evidence of
 * harm, where the gate's metric asks for evidence that there is none. A class is harmed when the
 * lower confidence bound of its drop exceeds the tolerance; with m classes the bounds' errors add
 * up, so they are corrected by Holm's procedure (Holm 1979, Scandinavian Journal of Statistics
 * 6:65–70): while k classes are known to be harmed, the bounds of the others are taken at level 1 −
 * α / (m − k). The chance that a class is called harmed which is not is then at most α over all
 * classes together.
 *
 * <p>The bound is {@link TangoTest}'s: the lower one of a drop is the upper one of the gain, with
 * the two models exchanged, and its sign changed. At the high confidence that many classes ask for,
 * its normal approximation calls up to 8.5 % harmed that are not, so that {@link ExactScoreTest}
 * has to agree; where it does not, the bound is the tolerance.
 *
 * @param tolerance largest drop that is no harm, in [0, 1)
 * @param confidence 1 − α, in [0.5, 1)
 */
record ClassHarm(double tolerance, double confidence) {
  /** Fewest samples of a class that is tested: below, the score test's approximation is coarse. */
  static final int FEWEST = 50;

  /** Most classes in a result. */
  static final int SHOWN = 1_000;

  /**
   * Compares two models on the same samples, class by class.
   *
   * @return one entry per class that occurs, by class index; of very many the {@value #SHOWN} that
   *     dropped furthest beyond doubt
   */
  List<ClassDrop> compare(Recalls baseline, Recalls pruned) {
    Map<Integer, Agreement> tables = tables(baseline, pruned);
    Map<Integer, Agreement> tested = new TreeMap<>(tables);
    tested.values().removeIf(table -> table.samples() < FEWEST);
    Map<Integer, Double> bounds = bounds(tested);
    List<ClassDrop> drops = new ArrayList<>();
    tables.forEach(
        (index, table) ->
            drops.add(new ClassDrop(index, table.samples(), table.drop(), bounds.get(index))));
    if (drops.size() <= SHOWN) {
      return drops;
    }
    return drops.stream()
        .sorted(Comparator.comparingDouble(ClassHarm::evidence).reversed())
        .limit(SHOWN)
        .sorted(Comparator.comparingInt(ClassDrop::index))
        .toList();
  }

  private static double evidence(ClassDrop drop) {
    Double bound = drop.lowerBound();
    return bound == null ? -2 + drop.drop() / 2 : bound;
  }

  /** Whether a class is harmed. */
  boolean harms(ClassDrop drop) {
    Double bound = drop.lowerBound();
    return bound != null && bound > tolerance;
  }

  private static Map<Integer, Agreement> tables(Recalls baseline, Recalls pruned) {
    if (baseline.cases() != pruned.cases()) {
      throw new IllegalArgumentException("not the same samples");
    }
    Map<Integer, long[]> counts = new TreeMap<>();
    for (int i = 0; i < baseline.cases(); i++) {
      long[] table = counts.computeIfAbsent(baseline.classOf(i), c -> new long[4]);
      table[(baseline.right(i) ? 0 : 2) + (pruned.right(i) ? 0 : 1)]++;
    }
    return counts.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> {
                  long[] t = entry.getValue();
                  return new Agreement(t[0], t[1], t[2], t[3]);
                },
                (a, b) -> a,
                TreeMap::new));
  }

  /** Lower bounds by class, each at the level that Holm's procedure leaves it. */
  Map<Integer, Double> bounds(Map<Integer, Agreement> tables) {
    Map<Integer, Double> bounds = new TreeMap<>();
    Set<Integer> harmed = new HashSet<>();
    int known;
    do {
      known = harmed.size();
      double level = 1 - (1 - confidence) / Math.max(1, tables.size() - known);
      tables.forEach(
          (index, table) -> {
            if (!harmed.contains(index)) {
              bounds.put(index, lowerBound(table, level));
            }
          });
      bounds.forEach(
          (index, bound) -> {
            if (bound > tolerance) {
              harmed.add(index);
            }
          });
    } while (harmed.size() > known && harmed.size() < tables.size());
    return bounds;
  }

  private double lowerBound(Agreement table, double level) {
    Agreement exchanged =
        new Agreement(
            table.both(),
            /* onlyBaseline= */ table.onlyPruned(),
            /* onlyPruned= */ table.onlyBaseline(),
            table.neither());
    double bound = -TangoTest.scoreBound(exchanged, level);
    return bound <= tolerance || ExactScoreTest.exceeds(table, tolerance, level)
        ? bound
        : tolerance;
  }
}
