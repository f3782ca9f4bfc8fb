package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;

/** Refusals of this package. */
final class Malformed {
  private Malformed() {}

  static Refusal because(String what) {
    return new Refusal(
        MODEL_MALFORMED, "the HDF5 file is damaged: " + what + "; save the model again");
  }

  static Refusal feature(String what) {
    return new Refusal(
        FORMAT_UNSUPPORTED_VERSION,
        "the HDF5 file uses " + what + ", which is not read: save the model with plain h5py");
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw because(otherwise);
    }
  }
}
