package dev.espalier.engine.train;

import org.jspecify.annotations.Nullable;

/**
 * Early stopping (Prechelt 1998, "Early stopping, but when?"): the best epoch so far, and whether
 * so many in a row were no better that training ends. The first of equals is the best.
 */
final class Best {
  private final int patience;
  private @Nullable Recovered kept;
  private double score;
  private int worse;

  /**
   * Nothing yet.
   *
   * @param patience epochs without a better one that end training, at least 1
   */
  Best(int patience) {
    this.patience = patience;
  }

  /** An epoch is over. */
  void consider(double score, Recovered epoch) {
    if (kept == null || score > this.score) {
      this.score = score;
      kept = epoch;
      worse = 0;
    } else {
      worse++;
    }
  }

  /** Whether training ends. */
  boolean isOver() {
    return worse >= patience;
  }

  /** What the best epoch left. */
  Recovered kept() {
    if (kept == null) {
      throw new IllegalStateException("no epoch yet");
    }
    return kept;
  }
}
