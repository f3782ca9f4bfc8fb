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
}
