package dev.espalier.engine.infer;

/**
 * Thrown when what flows into a layer leaves the finite numbers, so that it orders nothing.
 * Repeating it gives the same end.
 */
public final class InputsNotFinite extends RuntimeException {
  InputsNotFinite() {
    super(
        "what flows into a layer is not finite on the calibration samples; choose a criterion that"
            + " needs none, such as lamp");
  }
}
