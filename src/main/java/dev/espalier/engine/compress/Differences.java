package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;

/**
 * Words as signs and magnitudes, the smallest magnitude taken off. What a magnitude criterion
 * leaves starts at its threshold, so that the differences spread evenly over their highest eight
 * bits, which hold exponent and leading mantissa bits together: one byte whose distribution an
 * entropy coder sees whole. Splitting words at byte borders instead (as HDF5's shuffle filter does)
 * separates the exponent from the mantissa bits that depend on it.
 *
 * <p>Layout: smallest magnitude (u32), bits of the largest difference (u32), then {@link Section
 * sections}: the signs, a bit each, first word lowest; the highest eight bits of the differences;
 * each further eight bits, highest first, the last section those that remain.
 */
final class Differences {
  private static final int SIGN = 31;
  private static final int MAGNITUDE = 0x7fff_ffff;
  private static final int BYTE = 0xff;

  private Differences() {}

  static void encode(int[] words, Chunks out) {
    int smallest = MAGNITUDE;
    int largest = 0;
    for (int word : words) {
      smallest = Math.min(smallest, word & MAGNITUDE);
      largest = Math.max(largest, word & MAGNITUDE);
    }
    int bits =
        words.length == 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(largest - smallest);
    out.putInt(smallest);
    out.putInt(bits);
    byte[] signs = new byte[Section.bytesFor(words.length)];
    for (int i = 0; i < words.length; i++) {
      signs[i >>> 3] |= (byte) (words[i] >>> SIGN << (i & 7));
    }
    Section.writeElements(signs, signs.length, out);
    byte[] plane = new byte[words.length];
    for (int top = bits; top > 0; top -= Byte.SIZE) {
      int shift = Math.max(0, top - Byte.SIZE);
      int wanted = BYTE >>> Math.max(0, Byte.SIZE - top);
      for (int i = 0; i < words.length; i++) {
        int difference = (words[i] & MAGNITUDE) - smallest;
        plane[i] = (byte) ((difference >>> shift) & wanted);
      }
      Section.writeElements(plane, plane.length, out);
    }
  }

  /** Reads {@code count} words. */
  static int[] decode(ByteBuffer in, int count) {
    int[] words = new int[count];
    int smallest = Section.readInt(in);
    int bits = Section.readInt(in);
    if (smallest < 0 || bits < 0 || bits > SIGN) {
      throw Section.malformed("differences from %d of %d bits".formatted(smallest, bits));
    }
    byte[] signs = Section.read(in, Section.bytesFor(words.length));
    for (int top = bits; top > 0; top -= Byte.SIZE) {
      int shift = Math.max(0, top - Byte.SIZE);
      byte[] plane = Section.read(in, words.length);
      for (int i = 0; i < words.length; i++) {
        words[i] |= (plane[i] & BYTE) << shift;
      }
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = ((words[i] + smallest) & MAGNITUDE) | ((signs[i >>> 3] >>> (i & 7)) << SIGN);
    }
    return words;
  }
}
