package dev.espalier.engine.score;

/**
 * Numbers as 32-bit images whose unsigned order is that of the numbers, by way of the bits of a
 * float (IEEE 754-2008, 3.4: for numbers without sign the order of the bits, read as integers, is
 * that of the numbers). A number too small for a float becomes the smallest float, so that zero
 * alone has the image of zero; one too large becomes infinity.
 */
final class Keys {
  private Keys() {}

  /** The image of {@code |value|}. */
  static int ofMagnitude(double value) {
    return Float.floatToRawIntBits(Math.abs(rounded(value)));
  }

  /**
   * The image of {@code value} with its sign: positive numbers get the top bit, of negative ones,
   * whose bits rise as they fall, every bit is inverted. Both zeros have one image.
   */
  static int ofSigned(double value) {
    int bits = Float.floatToRawIntBits(rounded(value) + 0f);
    return bits < 0 ? ~bits : bits | Integer.MIN_VALUE;
  }

  private static float rounded(double value) {
    float rounded = (float) value;
    return rounded == 0 && value != 0 ? (float) Math.copySign(Float.MIN_VALUE, value) : rounded;
  }
}
