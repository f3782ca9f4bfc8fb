package dev.espalier.engine.format.keras;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Weights of half and double precision in the single precision in which everything is computed. */
final class Precision {
  private static final int HALF_MANTISSA = 10;
  private static final int SINGLE_MANTISSA = 23;
  private static final int HALF_BIAS = 15;
  private static final int SINGLE_BIAS = 127;
  private static final int HALF_INFINITE = 0x7C00;

  private Precision() {}

  /** The values in single precision, rounded to the nearest; the tensor itself when it is. */
  static Tensor single(Tensor stored) {
    if (stored.type() == DataType.FLOAT) {
      return stored;
    }
    Tensor single = Tensor.zeros(DataType.FLOAT, stored.shape());
    FloatBuffer out = single.floats();
    ByteBuffer in = stored.bytes();
    while (out.hasRemaining()) {
      out.put(next(in, stored.type()));
    }
    return single;
  }

  private static float next(ByteBuffer in, DataType type) {
    return type == DataType.DOUBLE ? (float) in.getDouble() : fromHalf(in.getShort());
  }

  /**
   * The values in the precision of {@code stored}, which they replace. Where a value is still the
   * one that {@code stored} rounds to, the element keeps its own bits.
   */
  static Tensor asStored(Tensor values, Tensor stored) {
    if (stored.type() == DataType.FLOAT) {
      return values;
    }
    boolean sameShape = values.size() == stored.size();
    Tensor result = Tensor.zeros(stored.type(), values.shape());
    FloatBuffer in = values.floats();
    ByteBuffer before = stored.bytes();
    ByteBuffer out = result.bytes();
    int width = stored.type().bytes();
    for (int i = 0; i < values.size(); i++) {
      float value = in.get();
      boolean kept = false;
      if (sameShape) {
        before.position(i * width);
        kept = Float.floatToIntBits(next(before, stored.type())) == Float.floatToIntBits(value);
      }
      if (kept) {
        out.put(i * width, before, i * width, width);
      } else if (stored.type() == DataType.DOUBLE) {
        out.putDouble(i * width, value);
      } else {
        out.putShort(i * width, toHalf(value));
      }
    }
    return result;
  }

  /** IEEE 754 binary16 to binary32; every value has an exact counterpart. */
  static float fromHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half & HALF_INFINITE) >> HALF_MANTISSA;
    int mantissa = half & 0x3FF;
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int shifted = mantissa << (SINGLE_MANTISSA - HALF_MANTISSA);
    int biased = exponent == 0x1F ? 0xFF : exponent + SINGLE_BIAS - HALF_BIAS;
    return Float.intBitsToFloat(sign | biased << SINGLE_MANTISSA | shifted);
  }

  /** IEEE 754 binary32 to binary16, to the nearest, ties to even; too large becomes infinite. */
  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (magnitude >= 65_520f) {
      return (short) (sign | HALF_INFINITE);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int rounded = (bits & 0x7FFFFFFF) + 0xFFF + (bits >> 13 & 1);
    return (short) (sign | (rounded >> 13) - ((SINGLE_BIAS - HALF_BIAS) << HALF_MANTISSA));
  }
}
