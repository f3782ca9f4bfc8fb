package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Concat and Split. */
final class Joints {
  private Joints() {}

  static void concat(Passage passage) {
    List<Traced> operands = passage.operands();
    int axis = passage.axis(passage.node().integer("axis", 1), operands.get(0).rank());
    List<Factor> results = new ArrayList<>();
    if (operands.stream().anyMatch(o -> o.at(axis).isPresent())) {
      results.add(behindEachOther(passage, operands, axis));
    }
    results.addAll(sideBySide(passage, operands, axis));
    passage.result(0, results);
  }

  private static Factor behindEachOther(Passage passage, List<Traced> operands, int axis) {
    int[] units = new int[0];
    boolean[] zero = new boolean[0];
    for (Traced operand : operands) {
      Optional<Factor> along =
          operand
              .at(axis)
              .map(
                  f ->
                      f.isAlong(axis)
                          ? f
                          : f.separate(axis, passage.units(), passage.why("joins whole channels")))
              .map(f -> claim(passage, operand, f));
      int from = units.length;
      units = Arrays.copyOf(units, from + operand.dimension(axis));
      zero = Arrays.copyOf(zero, units.length);
      for (int i = from; along.isPresent() && i < units.length; i++) {
        units[i] = along.get().unit(i - from);
        zero[i] = along.get().zero(i - from);
      }
    }
    return Factor.along(axis, units, zero);
  }

  /** What constants are to channels is left to the reader when nothing else is joined. */
  private static Factor claim(Passage passage, Traced operand, Factor factor) {
    boolean all = passage.operands().stream().allMatch(Traced::constant);
    return all ? factor : passage.claim(operand, factor, Kind.PRODUCER);
  }

  /** Units along the other axes, which all operands must have. */
  private static List<Factor> sideBySide(Passage passage, List<Traced> operands, int axis) {
    List<Factor> results = new ArrayList<>();
    String otherwise = "joins them with values that stay";
    for (Factor first : operands.get(0).factors()) {
      if (first.touches(axis)) {
        continue;
      }
      Factor joined = claim(passage, operands.get(0), first);
      boolean[] zero = joined.zeros();
      for (Traced operand : operands.subList(1, operands.size())) {
        Optional<Factor> same =
            operand.factors().stream()
                .filter(f -> Arrays.equals(f.axes(), first.axes()))
                .map(f -> claim(passage, operand, f))
                .findFirst();
        passage.unite(Optional.of(joined), same, otherwise);
        for (int i = 0; same.isPresent() && i < zero.length; i++) {
          zero[i] &= same.get().zero(i);
        }
      }
      Factor result = joined.with(zero);
      boolean same =
          operands.stream()
              .flatMap(o -> o.factors().stream())
              .filter(f -> Arrays.equals(f.axes(), first.axes()))
              .allMatch(Factor::isZero);
      if (!same) {
        // Constants of different operands need not be the same along the joined axis.
        Folding.pinNonZero(passage, result, "joins different constants");
      }
      results.add(result);
    }
    for (Traced operand : operands.subList(1, operands.size())) {
      operand.factors().stream()
          .filter(f -> !f.touches(axis))
          .filter(f -> results.stream().noneMatch(r -> Arrays.equals(r.axes(), f.axes())))
          .forEach(f -> passage.pin(f, otherwise));
    }
    return results;
  }

  static void split(Passage passage) {
    Traced x = passage.operand(0);
    int axis = passage.axis(passage.node().integer("axis", 0), x.rank());
    Optional<Factor> whole = passage.along(0, axis, "splits whole channels");
    List<Factor> parts = new ArrayList<>();
    int from = 0;
    for (int k = 0; k < passage.node().outputs().size(); k++) {
      int size = Math.toIntExact(passage.resultShape(k).get(axis));
      int first = from;
      List<Factor> result = new ArrayList<>(passage.others(0, axis));
      if (whole.isPresent()) {
        Factor part = whole.get().selected(axis, IntStream.range(first, first + size).toArray());
        parts.add(part);
        result.add(part);
      }
      passage.result(k, result);
      from += size;
    }
    if (whole.isPresent()) {
      sizes(passage, whole.get(), parts);
    }
  }

  /** Parts of stored sizes may differ; without, they must stay equal. */
  private static void sizes(Passage passage, Factor whole, List<Factor> parts) {
    if (passage.has(1)) {
      for (int k = 0; k < parts.size(); k++) {
        passage.count(1, k, parts.get(k).units(), 1, "splits into parts of fixed size");
        passage.trace().keepSome(parts.get(k));
      }
    } else if (passage.node().attributes().containsKey("split")) {
      passage.pin(whole, "splits into parts of fixed size");
    } else if (parts.stream().allMatch(p -> p.size() == parts.get(0).size())) {
      parts.forEach(part -> passage.unite(parts.get(0), part, "splits into equal parts"));
    } else {
      passage.pin(whole, "splits into parts that are not equal");
    }
  }
}
