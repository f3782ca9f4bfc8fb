package dev.espalier.engine.graph;

/** Absolute values as bits of floats that are zero for zero alone. */
final class Magnitudes {
  private Magnitudes() {}

  /** Bits of {@code |value|} rounded to a float, but not to zero. */
  static int bits(double value) {
    int bits = Float.floatToRawIntBits((float) Math.abs(value));
    return bits == 0 && value != 0 ? 1 : bits;
  }
}
