package dev.espalier.engine.mask;

import dev.espalier.engine.score.Scores;

/** The weights of one tensor that are still kept, with their scores, for selection in chunks. */
public final class Candidates {
  private static final int CHUNK = 4096;
  private static final int HALF = 16;
  private static final int LOW = 0xffff;
  private static final int WORD = 6;
  private static final int SIGN = 63;

  private final Scores scores;
  private final Mask mask;
  private final int[] keys = new int[CHUNK];
  private final int spared;

  /**
   * Candidates of one tensor.
   *
   * @param scores of all its weights
   * @param mask which of them are still kept; selection removes from it
   */
  public Candidates(Scores scores, Mask mask) {
    if (scores.size() != mask.size()) {
      throw new IllegalArgumentException(scores.size() + " scores, mask of " + mask.size());
    }
    this.scores = scores;
    this.mask = mask;
    this.spared =
        scores.selective() ? Math.toIntExact(kept() - hits(Scores.NO_CANDIDATE).below()) : 0;
  }

  /** The same weights, of which others may be removed. */
  Candidates copy() {
    return new Candidates(scores, mask.copy());
  }

  int size() {
    return mask.size();
  }

  int kept() {
    return mask.keptCount();
  }

  /** Number of weights that may be removed; selection takes them only, so the rest is constant. */
  int removable() {
    return kept() - spared;
  }

  /** Counts candidates by the high half of their keys. */
  void countHigh(int[] counts) {
    for (int from = 0; from < size(); from += CHUNK) {
      int count = load(from);
      for (int start = 0; start < count; start += Long.SIZE) {
        long kept = mask.word((from + start) >>> WORD);
        if (kept == -1L) {
          for (int i = start; i < start + Long.SIZE; i++) {
            counts[keys[i] >>> HALF]++;
          }
        } else {
          for (; kept != 0; kept &= kept - 1) {
            counts[keys[start + Long.numberOfTrailingZeros(kept)] >>> HALF]++;
          }
        }
      }
    }
  }

  /** Counts those whose key has the given high half by the low half. */
  void countLow(int high, int[] counts) {
    for (int from = 0; from < size(); from += CHUNK) {
      int count = load(from);
      for (int i = 0; i < count; i++) {
        if (keys[i] >>> HALF == high && mask.kept(from + i)) {
          counts[keys[i] & LOW]++;
        }
      }
    }
  }

  /** How many candidates have a key below {@code key}, and how many have that key. */
  Hits hits(int key) {
    long below = 0;
    long upTo = 0;
    for (int from = 0; from < size(); from += CHUNK) {
      int count = load(from);
      for (int start = 0; start < count; start += Long.SIZE) {
        long kept = mask.word((from + start) >>> WORD);
        below += Long.bitCount(below(start, Integer.toUnsignedLong(key)) & kept);
        upTo += Long.bitCount(below(start, Integer.toUnsignedLong(key) + 1) & kept);
      }
    }
    return new Hits(below, upTo - below);
  }

  /**
   * Removes the candidates whose key is below {@code key}, and the first {@code ties} equal to it.
   *
   * @return how many ties are left
   */
  long remove(int key, long ties) {
    long left = ties;
    for (int from = 0; from < size(); from += CHUNK) {
      int count = load(from);
      for (int start = 0; start < count; start += Long.SIZE) {
        int word = (from + start) >>> WORD;
        long gone = below(start, Integer.toUnsignedLong(key));
        long equal =
            left == 0 ? 0 : below(start, Integer.toUnsignedLong(key) + 1) & ~gone & mask.word(word);
        for (; equal != 0 && left > 0; equal &= equal - 1) {
          gone |= Long.lowestOneBit(equal);
          left--;
        }
        mask.removeAll(word, gone);
      }
    }
    return left;
  }

  /**
   * Bits of the 64 loaded keys from {@code start} that are below {@code bound}, without branches.
   */
  private long below(int start, long bound) {
    long bits = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      bits |= ((Integer.toUnsignedLong(keys[start + i]) - bound) >>> SIGN) << i;
    }
    return bits;
  }

  /** Loads the keys of a chunk to the front of {@link #keys}; returns how many. */
  private int load(int from) {
    int count = Math.min(CHUNK, size() - from);
    scores.keys(from, count, keys);
    return count;
  }

  /** Candidates below a key and equal to it. */
  record Hits(long below, long equal) {}
}
