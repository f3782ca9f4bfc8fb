package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Slice, Gather and Pad. */
final class Selections {
  private Selections() {}

  static void slice(Passage passage) {
    Traced x = passage.operand(0);
    Optional<long[]> starts = passage.integers("starts", 1);
    Optional<long[]> ends = passage.integers("ends", 2);
    if (starts.isEmpty() || ends.isEmpty()) {
      passage.pinAll("cuts at places that are not constant");
      return;
    }
    long[] axes =
        passage
            .integers("axes", 3)
            .orElse(IntStream.range(0, starts.get().length).asLongStream().toArray());
    long[] steps = passage.integers(4).orElse(filled(axes.length));
    List<Factor> results = new ArrayList<>(x.factors());
    for (int i = 0; i < axes.length; i++) {
      int axis = passage.axis(axes[i], x.rank());
      Optional<Factor> along = results.stream().filter(f -> f.touches(axis)).findFirst();
      boolean whole = passage.resultShape(0).get(axis).equals(x.shape().get(axis)) && steps[i] == 1;
      if (along.isPresent()) {
        results.remove(along.get());
      }
      if (along.isPresent() && (!along.get().isAlong(axis) || steps[i] != 1)) {
        passage.pin(along.get(), "cuts channels at fixed places");
      } else if (along.isPresent()) {
        results.add(
            whole && reachesEnd(starts.get()[i], ends.get()[i])
                ? along.get()
                : cut(passage, along.get(), i, starts.get()[i], ends.get()[i]));
      }
    }
    passage.result(0, results);
  }

  private static long[] filled(int size) {
    long[] ones = new long[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Whether all is taken however much there is. */
  private static boolean reachesEnd(long start, long end) {
    return start == 0 && end >= Integer.MAX_VALUE;
  }

  /** Part of the channels: where it starts and ends moves with the channels before. */
  private static Factor cut(Passage passage, Factor along, int element, long start, long end) {
    int axis = along.axes()[0];
    int size = along.size();
    int from = place(start, size);
    int to = Math.max(from, place(end, size));
    String reason = "cuts channels at fixed places";
    if (!passage.has(1) || from == to) {
      passage.pin(along, reason);
    } else {
      bound(passage, 1, element, along, start, reason);
      if (end < Integer.MAX_VALUE) {
        bound(passage, 2, element, along, end, reason);
      } else {
        passage.keep(2, element, reason);
      }
    }
    Factor part = along.selected(axis, IntStream.range(from, to).toArray());
    passage.trace().keepSome(part);
    return part;
  }

  private static int place(long index, int size) {
    return (int) Math.min(Math.max(index < 0 ? index + size : index, 0), size);
  }

  private static void bound(
      Passage passage, int slot, int element, Factor along, long index, String reason) {
    int[] all = along.units();
    int place = place(index, all.length);
    int[] counted =
        index < 0 ? Arrays.copyOfRange(all, place, all.length) : Arrays.copyOfRange(all, 0, place);
    if (index < -all.length || index > all.length) {
      passage.pin(along, reason);
    }
    passage.count(slot, element, counted, index < 0 ? -1 : 1, reason);
  }

  static void gather(Passage passage) {
    Traced data = passage.operand(0);
    Traced indices = passage.operand(1);
    int axis = passage.axis(passage.node().integer("axis", 0), data.rank());
    data.at(axis).ifPresent(f -> passage.pin(f, "picks single ones"));
    passage.pin(1, "is read as places");
    List<Factor> results = new ArrayList<>();
    for (Factor factor : passage.others(0, axis)) {
      Factor claimed = indices.constant() ? factor : passage.claim(0, factor, Kind.PRODUCER);
      results.add(claimed.moved(a -> a < axis ? a : a + indices.rank() - 1));
    }
    passage.result(0, results);
  }

  /** Pad: channels of zeros that are appended can go like any other. */
  static void pad(Passage passage) {
    Traced x = passage.operand(0);
    int rank = x.rank();
    Optional<long[]> pads = passage.integers("pads", 1).map(p -> everyAxis(passage, p, rank));
    if (pads.isEmpty() || pads.get().length != 2 * rank) {
      passage.pinAll("pads by sizes that are not constant");
      return;
    }
    boolean constant = passage.node().text("mode", "constant").equals("constant");
    boolean zero = passage.number("value", 2, 0).orElse(1) == 0;
    Map<Integer, Factor> results = new HashMap<>();
    for (Factor factor : x.factors()) {
      boolean own = IntStream.of(factor.axes()).anyMatch(a -> isPadded(pads.get(), a, rank));
      boolean others =
          IntStream.range(0, rank)
              .anyMatch(a -> !factor.touches(a) && isPadded(pads.get(), a, rank));
      if (own && (factor.isJoint() || !constant || !zero)) {
        passage.pin(factor, "pads channels");
        continue;
      }
      if (others && constant && (!zero || !factor.isZero())) {
        passage.pin(factor, "pads them with another constant");
      }
      int axis = factor.axes()[0];
      results.put(axis, own ? widened(passage, factor, axis, pads.get()) : factor);
    }
    passage.result(0, List.copyOf(results.values()));
  }

  private static long[] everyAxis(Passage passage, long[] pads, int rank) {
    return passage.has(3) ? new long[0] : pads.length == 2 * rank ? pads : new long[0];
  }

  private static boolean isPadded(long[] pads, int axis, int rank) {
    return pads[axis] != 0 || pads[axis + rank] != 0;
  }

  private static Factor widened(Passage passage, Factor factor, int axis, long... pads) {
    int rank = pads.length / 2;
    if (pads[axis] < 0 || pads[axis + rank] < 0) {
      passage.pin(factor, "pads channels");
    }
    int before = (int) Math.max(0, pads[axis]);
    int after = (int) Math.max(0, pads[axis + rank]);
    boolean stored = passage.has(1);
    int[] units = new int[before + factor.size() + after];
    boolean[] zero = new boolean[units.length];
    Arrays.fill(zero, true);
    int[] first = stored ? passage.units().fresh(before) : new int[before];
    int[] last = stored ? passage.units().fresh(after) : new int[after];
    System.arraycopy(first, 0, units, 0, before);
    System.arraycopy(factor.units(), 0, units, before, factor.size());
    System.arraycopy(factor.zeros(), 0, zero, before, factor.size());
    System.arraycopy(last, 0, units, before + factor.size(), after);
    if (stored) {
      String reason = "pads channels";
      for (int a = 0; a < rank; a++) {
        passage.count(1, a, a == axis ? first : new int[0], 1, reason);
        passage.count(1, a + rank, a == axis ? last : new int[0], 1, reason);
      }
    }
    return Factor.along(axis, units, zero);
  }
}
