package dev.espalier.engine.mask;

import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Scores;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Which elements of one tensor are kept, one bit each in row-major order: 1 kept, 0 removed. Masks
 * only ever lose bits.
 */
public final class Mask {
  private static final int CHUNK = 4096;

  private final int size;
  private final long[] words;

  private Mask(int size, long[] words) {
    this.size = size;
    this.words = words;
  }

  /** A mask that keeps all of {@code size} elements. */
  public static Mask keepAll(int size) {
    long[] words = new long[(size + 63) >>> 6];
    Arrays.fill(words, -1L);
    if ((size & 63) != 0) {
      words[words.length - 1] = (1L << (size & 63)) - 1;
    }
    return new Mask(size, words);
  }

  /**
   * A mask from its words, least significant bit first.
   *
   * @throws IllegalArgumentException when their number does not fit or bits beyond the end are set
   */
  public static Mask of(int size, long[] words) {
    Mask all = keepAll(size);
    boolean fits = words.length == all.words.length;
    if (!fits
        || (words.length > 0 && (words[words.length - 1] & ~all.words[words.length - 1]) != 0)) {
      throw new IllegalArgumentException("mask words do not fit " + size + " elements");
    }
    return new Mask(size, words.clone());
  }

  /** A mask that keeps what is not zero. */
  public static Mask ofNonZero(Weights weights) {
    Mask mask = keepAll(weights.size());
    int[] magnitudes = new int[Math.min(CHUNK, mask.size)];
    for (int from = 0; from < mask.size; from += CHUNK) {
      int count = Math.min(CHUNK, mask.size - from);
      weights.magnitudes(from, count, magnitudes);
      for (int i = 0; i < count; i++) {
        if (magnitudes[i] == 0) {
          mask.remove(from + i);
        }
      }
    }
    return mask;
  }

  /** Number of elements. */
  public int size() {
    return size;
  }

  /** Whether element {@code i} is kept. */
  public boolean kept(int i) {
    return (words[i >>> 6] >>> (i & 63) & 1) != 0;
  }

  /** The bits of 64 elements; those beyond the end are 0. */
  long word(int w) {
    return words[w];
  }

  /** Removes what {@code other}, of the same size, keeps. */
  void removeAll(Mask other) {
    for (int w = 0; w < words.length; w++) {
      words[w] &= ~other.words[w];
    }
  }

  /** Removes the elements of a word whose bits are set. */
  void removeAll(int w, long bits) {
    words[w] &= ~bits;
  }

  /** Removes element {@code i}. */
  public void remove(int i) {
    words[i >>> 6] &= ~(1L << (i & 63));
  }

  /** Number of elements kept. */
  public int keptCount() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** A copy of the bits, least significant first. */
  public long[] words() {
    return words.clone();
  }

  /**
   * A copy that lacks {@code count} more elements, those with the lowest scores; ties go by
   * position.
   *
   * @param scores of all elements
   * @param count at most the number of elements kept
   */
  public Mask without(Scores scores, long count) {
    Mask copy = copy();
    if (count > 0) {
      List<Candidates> candidates = List.of(new Candidates(scores, copy));
      ThresholdSelection.lowest(candidates, count).removeFrom(candidates);
    }
    return copy;
  }

  /** A deep copy. */
  public Mask copy() {
    return new Mask(size, words.clone());
  }

  /** Sets the removed elements of {@code values}, from its start, to +0. */
  public void applyTo(FloatBuffer values) {
    forEachRemoved(values.capacity(), i -> values.put(i, 0f));
  }

  /** Makes the removed elements of {@code weights} zero. */
  public void applyTo(Weights weights) {
    forEachRemoved(weights.size(), weights::clear);
  }

  private void forEachRemoved(int elements, IntConsumer action) {
    if (elements != size) {
      throw new IllegalArgumentException("mask of " + size + " on " + elements);
    }
    for (int w = 0; w < words.length; w++) {
      long removed = ~words[w];
      while (removed != 0) {
        int i = (w << 6) + Long.numberOfTrailingZeros(removed);
        if (i >= size) {
          break;
        }
        action.accept(i);
        removed &= removed - 1;
      }
    }
  }
}
