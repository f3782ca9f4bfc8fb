package dev.espalier.engine.format.hdf5;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Numbers and names as HDF5 encodes them. */
final class Encoded {
  private Encoded() {}

  /** An unsigned little-endian number of 1 to 8 bytes. */
  static long unsigned(ByteBuffer bytes, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes.get() & 0xFFL) << (8 * i);
    }
    return value;
  }

  /** Bytes needed for numbers up to {@code most}. */
  static int bytesFor(long most) {
    return most <= 0 ? 1 : (63 - Long.numberOfLeadingZeros(most)) / 8 + 1;
  }

  /** Text of {@code length} bytes, cut at the first zero. */
  static String text(ByteBuffer bytes, int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    int end = 0;
    while (end < length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /** {@code length} rounded up to a multiple of eight. */
  static int padded(int length) {
    return (length + 7) & ~7;
  }
}
