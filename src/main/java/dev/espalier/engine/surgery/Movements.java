package dev.espalier.engine.surgery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that give the same elements another place or shape. */
final class Movements {
  private Movements() {}

  static void transpose(Passage passage) {
    int rank = passage.operand(0).rank();
    long[] perm =
        passage
            .node()
            .integers("perm", IntStream.range(0, rank).mapToLong(i -> rank - 1L - i).toArray());
    int[] to = new int[rank];
    IntStream.range(0, rank).forEach(i -> to[(int) perm[i]] = i);
    passage.result(0, passage.operand(0).factors().stream().map(f -> f.moved(a -> to[a])).toList());
  }

  /** Reshape and its like; the target of a Reshape says how many channels there are. */
  static void reshape(Passage passage) {
    List<Factor> results =
        Reshaping.reshape(
            passage, passage.operand(0), passage.resultShape(0), "merges different channels");
    passage.result(0, results);
    if (passage.node().operator().equals("Reshape")) {
      target(passage, results);
    }
  }

  private static void target(Passage passage, List<Factor> results) {
    Optional<long[]> target = passage.integers("shape", 1);
    boolean stored = passage.has(1);
    int rank = passage.resultShape(0).size();
    for (int axis = 0; axis < rank; axis++) {
      int at = axis;
      Optional<Factor> along = results.stream().filter(f -> f.touches(at)).findFirst();
      if (target.isEmpty() || (along.isPresent() && !stored && target.get()[axis] > 0)) {
        along.ifPresent(f -> passage.pin(f, "reshapes to a shape that cannot be rewritten"));
      } else if (target.get()[axis] == 0) {
        along.ifPresent(f -> copied(passage, at, f));
      } else if (target.get()[axis] > 0) {
        passage.count(1, axis, along, axis, "reshapes to a fixed shape");
      }
      if (stored && target.isPresent() && target.get()[axis] <= 0) {
        passage.keep(1, axis, "reshapes to a fixed shape");
      }
    }
  }

  /** 0 takes over the operand's size along the same axis. */
  private static void copied(Passage passage, int axis, Factor result) {
    Optional<Factor> own =
        axis < passage.operand(0).rank() ? passage.operand(0).at(axis) : Optional.empty();
    boolean same =
        own.isPresent()
            && own.get().isAlong(axis)
            && result.isAlong(axis)
            && own.get().size() == result.size();
    if (!same || passage.node().integer("allowzero", 0) != 0) {
      passage.pin(result, "copies the size of another axis");
    }
  }

  /** DepthToSpace: channels [b, b, c] or [c, b, b] become c channels of b × b times the pixels. */
  static void depthToSpace(Passage passage) {
    List<Long> x = passage.operand(0).shape();
    long b = passage.node().integer("blocksize", 1);
    long c = x.get(1) / (b * b);
    boolean depthFirst = passage.node().text("mode", "DCR").equals("DCR");
    List<Long> split =
        depthFirst
            ? List.of(x.get(0), b, b, c, x.get(2), x.get(3))
            : List.of(x.get(0), c, b, b, x.get(2), x.get(3));
    int[] perm = depthFirst ? new int[] {0, 3, 4, 1, 5, 2} : new int[] {0, 1, 4, 2, 5, 3};
    spread(passage, split, perm);
  }

  /** SpaceToDepth: b × b pixels of c channels become channels [b, b, c]. */
  static void spaceToDepth(Passage passage) {
    List<Long> x = passage.operand(0).shape();
    long b = passage.node().integer("blocksize", 1);
    List<Long> split = List.of(x.get(0), x.get(1), x.get(2) / b, b, x.get(3) / b, b);
    spread(passage, split, 0, 3, 5, 1, 2, 4);
  }

  private static void spread(Passage passage, List<Long> split, int... perm) {
    String mixes = "mixes channels and places";
    Traced whole = passage.operand(0);
    List<Factor> parts = new ArrayList<>();
    for (Factor f : Reshaping.reshape(passage, whole, split, mixes)) {
      int[] to = new int[perm.length];
      IntStream.range(0, perm.length).forEach(i -> to[perm[i]] = i);
      parts.add(f.moved(a -> to[a]));
    }
    List<Long> moved = IntStream.of(perm).mapToObj(split::get).toList();
    Traced permuted = new Traced(moved, parts, whole.constant());
    passage.result(0, Reshaping.reshape(passage, permuted, passage.resultShape(0), mixes));
  }

  /** Expand: axes of one element are repeated. */
  static void expand(Passage passage) {
    Traced x = passage.operand(0);
    int shift = passage.resultShape(0).size() - x.rank();
    List<Factor> results = x.factors().stream().map(f -> f.moved(a -> a + shift)).toList();
    passage.result(0, results);
    Optional<long[]> target = passage.integers(1);
    int extra = passage.resultShape(0).size() - target.map(t -> t.length).orElse(0);
    if (target.isEmpty()) {
      passage.pinAll("expands to a shape that is not constant");
      return;
    }
    for (int i = 0; i < target.get().length; i++) {
      int at = i;
      int axis = i + extra;
      Optional<Factor> along = results.stream().filter(f -> f.touches(axis)).findFirst();
      passage.count(
          1, i, along.filter(f -> target.get()[at] != 1), axis, "expands to a fixed shape");
    }
  }

  /** Tile: repeats along axes that are not the channels'. */
  static void tile(Passage passage) {
    Optional<long[]> repeats = passage.integers(1);
    for (Factor factor : passage.operand(0).factors()) {
      boolean repeated =
          repeats.isEmpty() || IntStream.of(factor.axes()).anyMatch(a -> repeats.get()[a] != 1);
      if (repeated) {
        passage.pin(factor, "repeats channels");
      }
    }
    boolean plain = repeats.map(r -> LongStream.of(r).allMatch(n -> n >= 1)).orElse(false);
    passage.result(0, plain ? passage.operand(0).factors() : List.of());
  }
}
