package dev.espalier.engine.train;

/**
 * Thrown when gradients leave the finite numbers, so that they order nothing. Like {@link
 * RecoveryDiverged} neither a bad input nor a failure of the machine: repeating it gives the same
 * end.
 */
public final class GradientsNotFinite extends RuntimeException {
  /**
   * Gradients that order nothing.
   *
   * @param what what was not finite
   */
  GradientsNotFinite(String what) {
    super(
        "the gradients of the loss are not finite (%s); choose a criterion that needs none"
            .formatted(what));
  }
}
