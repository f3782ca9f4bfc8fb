package dev.espalier.engine.mask;

import java.util.Arrays;
import java.util.List;

/**
 * The key that separates the k lowest candidates from the rest, found exactly without sorting or
 * copying the weights: a most-significant-digit radix selection with two digits of 16 bits. Two
 * passes read the weights, a third removes.
 *
 * @param key candidates below it go, in unsigned order
 * @param ties how many of those equal to it go too, first positions first
 */
record ThresholdSelection(int key, long ties) {
  private static final int DIGIT = 16;

  /**
   * The threshold for the {@code k} lowest candidates of all tensors together.
   *
   * @param k at least 1 and at most the number of candidates, which is below 2^31
   */
  static ThresholdSelection lowest(List<Candidates> tensors, long k) {
    int[] counts = new int[1 << DIGIT];
    tensors.forEach(t -> t.countHigh(counts));
    Position high = Position.of(k, counts);
    Arrays.fill(counts, 0);
    tensors.forEach(t -> t.countLow(high.digit(), counts));
    Position low = Position.of(high.rank(), counts);
    return new ThresholdSelection(high.digit() << DIGIT | low.digit(), low.rank());
  }

  /** Removes the candidates; positions run through the tensors in order. */
  void removeFrom(List<Candidates> tensors) {
    long left = ties;
    for (Candidates tensor : tensors) {
      left = tensor.remove(key, left);
    }
  }

  /** The digit of the candidate of a 1-based rank, and its rank among those with that digit. */
  private record Position(int digit, long rank) {
    static Position of(long rank, int... counts) {
      long left = rank;
      for (int digit = 0; digit < counts.length; digit++) {
        if (left <= counts[digit]) {
          return new Position(digit, left);
        }
        left -= counts[digit];
      }
      throw new IllegalArgumentException("rank " + rank + " exceeds the candidates by " + left);
    }
  }
}
