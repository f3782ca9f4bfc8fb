package dev.espalier.engine.score;

/** Scores that were computed for all weights of a tensor together. */
final class RankedKeys implements Scores {
  private final int[] keys;

  /** Takes over the keys. */
  RankedKeys(int... keys) {
    this.keys = keys;
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public void keys(int from, int count, int[] into) {
    System.arraycopy(keys, from, into, 0, count);
  }
}
