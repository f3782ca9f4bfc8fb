package dev.espalier.engine.mask;

import dev.espalier.engine.score.Scores;

/** The weights of one tensor that are still kept, with their scores, for selection in chunks. */
public final class Candidates {
  private static final int CHUNK = 4096;
  private static final int HALF = 16;
  private static final int LOW = 0xffff;

  private final Scores scores;
  private final Mask mask;
  private final int[] keys = new int[CHUNK];
  private final int[] positions = new int[CHUNK];

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
  }

  int size() {
    return mask.size();
  }

  int kept() {
    return mask.keptCount();
  }

  /** Counts candidates by the high half of their keys. */
  void countHigh(int[] counts) {
    for (int from = 0; from < size(); from += CHUNK) {
      int live = load(from);
      for (int i = 0; i < live; i++) {
        counts[keys[i] >>> HALF]++;
      }
    }
  }

  /** Counts those whose key has the given high half by the low half. */
  void countLow(int high, int[] counts) {
    for (int from = 0; from < size(); from += CHUNK) {
      int live = load(from);
      for (int i = 0; i < live; i++) {
        if (keys[i] >>> HALF == high) {
          counts[keys[i] & LOW]++;
        }
      }
    }
  }

  /** How many candidates have a key below {@code key}, and how many have that key. */
  Hits hits(int key) {
    long below = 0;
    long equal = 0;
    for (int from = 0; from < size(); from += CHUNK) {
      int live = load(from);
      for (int i = 0; i < live; i++) {
        int order = Integer.compareUnsigned(keys[i], key);
        below += order < 0 ? 1 : 0;
        equal += order == 0 ? 1 : 0;
      }
    }
    return new Hits(below, equal);
  }

  /**
   * Removes the candidates whose key is below {@code key}, and the first {@code ties} equal to it.
   *
   * @return how many ties are left
   */
  long remove(int key, long ties) {
    long left = ties;
    for (int from = 0; from < size(); from += CHUNK) {
      int live = load(from);
      for (int i = 0; i < live; i++) {
        int order = Integer.compareUnsigned(keys[i], key);
        if (order < 0 || (order == 0 && left-- > 0)) {
          mask.remove(positions[i]);
        }
      }
    }
    return Math.max(0, left);
  }

  /** Loads keys and positions of the candidates of a chunk to the front of the two arrays. */
  private int load(int from) {
    int count = Math.min(CHUNK, size() - from);
    scores.keys(from, count, keys);
    return mask.compact(from, count, keys, positions);
  }

  /** Candidates below a key and equal to it. */
  record Hits(long below, long equal) {}
}
