package dev.espalier.engine.format;

import static dev.espalier.contract.ReasonCode.WEIGHTS_NOT_FINITE;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;

/** Refuses trained values that no number can be compared with. */
public final class FiniteWeights {
  /** Exponent bits of an IEEE 754 half-precision number; all are set in infinities and NaN. */
  private static final int HALF_EXPONENT = 0x7C00;

  /** Exponent bits of a bfloat16 number. */
  private static final int BRAIN_EXPONENT = 0x7F80;

  private FiniteWeights() {}

  /**
   * Requires every element of a floating-point tensor to be finite.
   *
   * @param what the tensor, for the message
   * @throws Refusal with {@code weights-not-finite} and the first offending position
   */
  public static void require(Tensor tensor, String what) {
    ByteBuffer bytes = tensor.bytes();
    for (int i = 0; i < tensor.size(); i++) {
      if (!isFinite(bytes, tensor.type())) {
        throw new Refusal(
            WEIGHTS_NOT_FINITE,
            "%s holds NaN or infinity at position %d of %d: train the model again"
                .formatted(what, i, tensor.size()));
      }
    }
  }

  private static boolean isFinite(ByteBuffer next, DataType type) {
    return switch (type) {
      case FLOAT -> Float.isFinite(next.getFloat());
      case DOUBLE -> Double.isFinite(next.getDouble());
      case FLOAT16 -> (next.getShort() & HALF_EXPONENT) != HALF_EXPONENT;
      case BFLOAT16 -> (next.getShort() & BRAIN_EXPONENT) != BRAIN_EXPONENT;
      default -> throw new IllegalArgumentException(type + " is not a floating-point type");
    };
  }
}
