package dev.espalier.engine.surgery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Pooling, and sums, means and extremes over axes. */
final class Reductions {
  private static final String ACROSS = "pools whole channels";

  /** Reductions that do not notice elements that are zero. */
  private static final Set<String> SUMS =
      Set.of("ReduceSum", "ReduceSumSquare", "ReduceL1", "ReduceL2");

  /** Reductions of zeros that are zero, and of constants finite. */
  static final Set<String> NAMES =
      Set.of(
          "ReduceL1",
          "ReduceL2",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceSum",
          "ReduceSumSquare");

  private Reductions() {}

  /** Pooling of each channel on its own. */
  static void pool(Passage passage) {
    passage.others(0, 1).forEach(f -> passage.pin(f, ACROSS));
    Optional<Factor> x = passage.along(0, 1, ACROSS);
    x.filter(f -> !f.isZero() && seesBorders(passage))
        .ifPresent(f -> Folding.pinNonZero(passage, f, "averages over borders"));
    passage.result(0, x.stream().toList());
  }

  /** A mean that counts borders, or a norm, is not the same everywhere. */
  private static boolean seesBorders(Passage passage) {
    return switch (passage.node().operator()) {
      case "AveragePool" ->
          passage.node().integer("count_include_pad", 0) != 0
              || passage.node().integer("ceil_mode", 0) != 0;
      case "LpPool", "GlobalLpPool" -> true;
      default -> false;
    };
  }

  static void reduce(Passage passage) {
    Traced x = passage.operand(0);
    Optional<NavigableSet<Integer>> over = reduced(passage, x.rank());
    if (over.isEmpty()) {
      passage.pinAll("reduces axes that are not constant");
      return;
    }
    boolean keeps = passage.node().integer("keepdims", 1) != 0;
    List<Factor> kept = new ArrayList<>();
    for (Factor factor : x.factors()) {
      int[] axes = factor.axes();
      if (IntStream.of(axes).noneMatch(over.get()::contains)) {
        kept.add(factor.moved(a -> keeps ? a : a - over.get().headSet(a, false).size()));
      } else if (!factor.isZero()
          || !IntStream.of(axes).allMatch(over.get()::contains)
          || !SUMS.contains(passage.node().operator())) {
        passage.pin(factor, "reduces over channels");
      }
    }
    passage.result(0, kept);
  }

  private static Optional<NavigableSet<Integer>> reduced(Passage passage, int rank) {
    Optional<long[]> given =
        passage.node().attributes().containsKey("axes") || passage.has(1)
            ? passage.integers("axes", 1)
            : Optional.of(new long[0]);
    return given.map(
        axes -> {
          NavigableSet<Integer> over = new TreeSet<>();
          LongStream.of(axes).forEach(a -> over.add(passage.axis(a, rank)));
          boolean none = passage.node().integer("noop_with_empty_axes", 0) != 0;
          if (axes.length == 0 && !none) {
            IntStream.range(0, rank).forEach(over::add);
          }
          return over;
        });
  }

  /** Resampling along axes that are not the channels'. */
  static void resize(Passage passage) {
    Traced x = passage.operand(0);
    List<Factor> kept = new ArrayList<>();
    boolean nearest = passage.node().text("mode", "nearest").equals("nearest");
    for (Factor factor : x.factors()) {
      boolean resized =
          Arrays.stream(factor.axes())
              .anyMatch(a -> !x.shape().get(a).equals(passage.resultShape(0).get(a)));
      boolean crops =
          passage.node().text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")
              || passage.node().attributes().containsKey("axes");
      if (resized || crops || factor.isJoint() || (!nearest && !factor.isZero())) {
        passage.pin(factor, "resizes along channels");
      } else {
        countSizes(passage, factor);
        kept.add(factor);
      }
    }
    passage.result(0, kept);
  }

  /** Target sizes name the number of channels as well. */
  private static void countSizes(Passage passage, Factor factor) {
    if (passage.has(3)) {
      for (int i = 0; i < passage.resultShape(0).size(); i++) {
        int axis = i;
        passage.count(
            3, i, Optional.of(factor).filter(f -> f.isAlong(axis)), i, "resizes to a fixed shape");
      }
    }
  }
}
