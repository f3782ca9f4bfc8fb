package dev.espalier.engine.train;

/**
 * Thrown when fine-tuning leaves the finite numbers. The weights that went in are untouched, so a
 * caller can reject this sparsity and go on; it is neither a bad input (a {@code Refusal}) nor an
 * infrastructure failure, and repeating it gives the same end.
 */
public final class RecoveryDiverged extends RuntimeException {
  /**
   * Divergence at an update.
   *
   * @param update number of the update, from 1
   * @param what what was not finite
   */
  RecoveryDiverged(int update, String what) {
    super(
        "recovery diverged: %s after update %d; a lower learning rate may help"
            .formatted(what, update));
  }
}
