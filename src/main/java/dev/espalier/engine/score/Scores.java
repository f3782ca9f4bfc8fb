package dev.espalier.engine.score;

/**
 * Scores of the weights of one tensor, as keys: 32-bit images of the scores whose unsigned order is
 * the order of the scores, so that one exact selection serves every criterion.
 */
public interface Scores {
  /** The highest key: where scores are {@link #selective()}, that of a weight which stays. */
  int NO_CANDIDATE = 0xffff_ffff;

  /** Scores that are absolute values, such as saliencies; not NaN. */
  static Scores ofMagnitudes(double... scores) {
    return KeyArray.of(Keys::ofMagnitude, scores);
  }

  /** Number of weights. */
  int size();

  /** Whether weights with the key {@link #NO_CANDIDATE} are not to be removed at all. */
  default boolean selective() {
    return false;
  }

  /** How keys of single weights become the key of several that are removed as one. */
  default Summation summation() {
    return Summation.MAGNITUDES;
  }

  /**
   * Writes the keys of {@code count} weights from position {@code from} to the start of {@code
   * into}.
   */
  void keys(int from, int count, int[] into);
}
