package dev.espalier.engine.score;

import java.util.Arrays;
import java.util.function.DoubleToIntFunction;

/** Scores whose keys were computed at once. */
final class KeyArray implements Scores {
  private final int[] keys;
  private final boolean selective;

  private KeyArray(boolean selective, int... keys) {
    this.keys = keys;
    this.selective = selective;
  }

  /** Scores with these keys. */
  static Scores of(int... keys) {
    return new KeyArray(false, keys);
  }

  /** Scores with the keys of these numbers. */
  static Scores of(DoubleToIntFunction key, double... scores) {
    int[] keys = new int[scores.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key.applyAsInt(scores[i]);
    }
    return new KeyArray(false, keys);
  }

  /** Scores by which nothing may be removed. */
  static Scores noCandidates(int size) {
    int[] keys = new int[size];
    Arrays.fill(keys, NO_CANDIDATE);
    return new KeyArray(true, keys);
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public boolean selective() {
    return selective;
  }

  @Override
  public void keys(int from, int count, int[] into) {
    System.arraycopy(keys, from, into, 0, count);
  }
}
