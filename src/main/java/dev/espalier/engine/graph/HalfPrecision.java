package dev.espalier.engine.graph;

/** Half-precision numbers: IEEE 754 binary16, sign 1 bit, exponent 5 bits, fraction 10 bits. */
public final class HalfPrecision {
  private static final int EXPONENT = 0x7c00;
  private static final int FRACTION = 0x03ff;
  private static final int FRACTION_BITS = 10;

  /** Places between the fractions of a half and of a float. */
  private static final int SHIFT = 13;

  /** Difference of the exponents' biases, 127 − 15. */
  private static final int REBIAS = 112;

  private static final float SUBNORMAL_UNIT = 0x1p-24f;

  private static final float SMALLEST_NORMAL = 0x1p-14f;

  /** Halfway between the largest half, 65504, and the next power of two. */
  private static final float FIRST_INFINITE = 65520f;

  private HalfPrecision() {}

  /** The float of the same value; every half has one. */
  public static float toFloat(short half) {
    int exponent = (half & EXPONENT) >>> FRACTION_BITS;
    int fraction = half & FRACTION;
    if (exponent == 0) {
      float value = fraction * SUBNORMAL_UNIT;
      return half < 0 ? -value : value;
    }
    int sign = half & 0x8000;
    int wide = exponent == EXPONENT >>> FRACTION_BITS ? 0xff : exponent + REBIAS;
    return Float.intBitsToFloat(sign << 16 | wide << 23 | fraction << SHIFT);
  }

  /**
   * The half nearest to a float, of two equally near the one with an even fraction; infinite from
   * 65520 on.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | EXPONENT | (1 << (FRACTION_BITS - 1)));
    }
    if (magnitude >= FIRST_INFINITE) {
      return (short) (sign | EXPONENT);
    }
    if (magnitude < SMALLEST_NORMAL) {
      return (short) (sign | (int) Math.rint(magnitude / SUBNORMAL_UNIT));
    }
    int shifted = (bits & 0x7fffffff) - (REBIAS << 23);
    int odd = (shifted >>> SHIFT) & 1;
    return (short) (sign | ((shifted + (1 << (SHIFT - 1)) - 1 + odd) >>> SHIFT));
  }
}
