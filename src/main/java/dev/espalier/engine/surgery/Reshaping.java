package dev.espalier.engine.surgery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The same elements in the same order under another shape. */
final class Reshaping {
  private static final int LARGEST = 1 << 24;

  /** Axes that turn into each other: both have the same number of elements. */
  private record Block(List<Integer> from, List<Integer> to) {}

  private Reshaping() {}

  /** The factors of a value under another shape; those that have none there are pinned. */
  static List<Factor> reshape(Passage passage, Traced x, List<Long> shape, String otherwise) {
    if (x.shape().equals(shape)) {
      return x.factors();
    }
    List<Block> blocks = blocks(x.shape(), shape);
    Set<Block> taken = new HashSet<>();
    List<Factor> results = new ArrayList<>();
    // Of several that are merged, the one with most channels passes.
    List<Factor> largest = new ArrayList<>(x.factors());
    largest.sort(Comparator.comparingInt(Factor::size).reversed());
    for (Factor factor : largest) {
      List<Block> touched =
          blocks.stream().filter(b -> b.from().stream().anyMatch(factor::touches)).toList();
      int[] from = touched.stream().flatMap(b -> b.from().stream()).mapToInt(i -> i).toArray();
      int[] to = touched.stream().flatMap(b -> b.to().stream()).mapToInt(i -> i).toArray();
      int[] dims = IntStream.of(from).map(x::dimension).toArray();
      long elements = IntStream.of(dims).asLongStream().reduce(1, Math::multiplyExact);
      if (touched.stream().anyMatch(taken::contains) || elements > LARGEST || elements == 0) {
        passage.pin(factor, otherwise);
      } else {
        int[] newDims = IntStream.of(to).map(a -> Math.toIntExact(shape.get(a))).toArray();
        results.add(factor.over(from, dims).reshaped(to, newDims).simplified(passage.units()));
        taken.addAll(touched);
      }
    }
    return results;
  }

  /** The finest blocks. */
  private static List<Block> blocks(List<Long> from, List<Long> to) {
    List<Block> blocks = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < from.size() && j < to.size()) {
      Block block = new Block(new ArrayList<>(List.of(i)), new ArrayList<>(List.of(j)));
      long left = from.get(i++);
      long right = to.get(j++);
      while (left != right) {
        if (left < right && i < from.size()) {
          block.from().add(i);
          left *= from.get(i++);
        } else if (j < to.size()) {
          block.to().add(j);
          right *= to.get(j++);
        } else {
          break;
        }
      }
      blocks.add(block);
    }
    // What is left over has one element.
    return blocks;
  }
}
