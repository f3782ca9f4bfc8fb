package dev.espalier.engine.score;

/**
 * Scores of the weights of one tensor, as keys: 32-bit images of the scores whose unsigned order is
 * the order of the scores, so that one exact selection serves every criterion.
 */
public interface Scores {
  /** Number of weights. */
  int size();

  /**
   * Writes the keys of {@code count} weights from position {@code from} to the start of {@code
   * into}.
   */
  void keys(int from, int count, int[] into);
}
