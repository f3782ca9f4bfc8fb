package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Operators on the elements of several values at the same place, with ONNX's broadcasting: what is
 * at the same place can only be removed together.
 */
final class Elementwise implements Rule {
  private static final int LARGEST = 1 << 24;

  private final Remainder remainder;

  private Elementwise(Remainder remainder) {
    this.remainder = remainder;
  }

  static Rule of(Remainder remainder) {
    return new Elementwise(remainder);
  }

  @Override
  public void apply(Passage passage) {
    List<Factor> results = new ArrayList<>();
    for (NavigableSet<Integer> axes : clusters(passage)) {
      cluster(passage, axes.stream().mapToInt(Integer::intValue).toArray()).ifPresent(results::add);
    }
    passage.result(0, results);
  }

  private static int shift(Passage passage, Traced operand) {
    return passage.resultShape(0).size() - operand.rank();
  }

  /** Axes of the result that have to be looked at together. */
  private static List<NavigableSet<Integer>> clusters(Passage passage) {
    List<NavigableSet<Integer>> clusters = new ArrayList<>();
    for (Traced operand : passage.operands()) {
      int shift = shift(passage, operand);
      for (Factor factor : operand.factors()) {
        NavigableSet<Integer> axes = new TreeSet<>();
        IntStream.of(factor.axes()).forEach(axis -> axes.add(axis + shift));
        clusters.removeIf(
            other -> {
              boolean meets = other.stream().anyMatch(axes::contains);
              if (meets) {
                axes.addAll(other);
              }
              return meets;
            });
        clusters.add(axes);
      }
    }
    return clusters;
  }

  private Optional<Factor> cluster(Passage passage, int... axes) {
    int[] dims =
        IntStream.of(axes).map(a -> Math.toIntExact(passage.resultShape(0).get(a))).toArray();
    List<Remainder.Part> parts = new ArrayList<>();
    List<Factor> all = new ArrayList<>();
    boolean joins = IntStream.of(dims).asLongStream().reduce(1, Math::multiplyExact) <= LARGEST;
    for (int slot = 0; slot < passage.node().inputs().size(); slot++) {
      if (!passage.has(slot)) {
        continue;
      }
      Traced operand = passage.operand(slot);
      int shift = shift(passage, operand);
      List<Factor> within =
          operand.factors().stream()
              .filter(f -> IntStream.of(axes).anyMatch(a -> f.touches(a - shift)))
              .toList();
      all.addAll(within);
      boolean spans =
          IntStream.of(axes).anyMatch(a -> a >= shift && operand.dimension(a - shift) > 1);
      joins &= within.size() == 1 || (within.isEmpty() && !spans);
      if (within.size() == 1) {
        Factor claimed = claim(passage, slot, within.get(0));
        Factor wide = joins ? claimed.moved(a -> a + shift).over(axes, dims) : claimed;
        parts.add(new Remainder.Part(Optional.of(wide), passage.number(slot)));
      } else {
        parts.add(new Remainder.Part(Optional.empty(), passage.number(slot)));
      }
    }
    if (!joins) {
      all.forEach(f -> passage.pin(f, "joins them with values that stay"));
      return Optional.empty();
    }
    return Optional.of(joined(passage, parts));
  }

  private Factor claim(Passage passage, int slot, Factor factor) {
    Traced operand = passage.operand(slot);
    if (operand.constant() && remainder.isDivisor(slot)) {
      IntStream.of(factor.units()).forEach(passage.units()::requireNonZero);
    }
    Kind kind = remainder.kind(slot);
    return passage.claim(slot, factor, kind);
  }

  private Factor joined(Passage passage, List<Remainder.Part> parts) {
    List<Factor> labelled = parts.stream().flatMap(p -> p.factor().stream()).toList();
    Factor first = labelled.get(0);
    for (Factor other : labelled) {
      passage.unite(first, other, "joins them with values that stay");
    }
    boolean[] zero = new boolean[first.size()];
    for (int i = 0; i < zero.length; i++) {
      Remainder.State state = remainder.of(parts, i);
      zero[i] = state == Remainder.State.ZERO;
      if (state == Remainder.State.VARYING) {
        passage
            .units()
            .pin(
                first.unit(i),
                passage.why("leaves something that varies where a channel is removed"));
      }
    }
    return first.with(zero);
  }
}
