package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Quantization;
import org.jspecify.annotations.Nullable;

/**
 * A constant whose elements a value consists of.
 *
 * @param tensor name of the initializer
 * @param inPlace whether they stand as in the initializer, so that axes mean the same
 * @param quantization how integers were made real on the way; null where nothing did
 */
record Origin(String tensor, boolean inPlace, @Nullable Quantization quantization) {
  /** A constant itself. */
  static Origin of(String tensor) {
    return new Origin(tensor, true, null);
  }

  /** The same elements elsewhere. */
  Origin moved() {
    return new Origin(tensor, false, quantization);
  }

  /** The same elements made real. */
  Origin dequantized(Quantization how) {
    return new Origin(tensor, inPlace, how);
  }
}
