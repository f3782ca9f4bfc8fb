package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;

/**
 * Elements of 1, 2 or 8 bytes, many of them the same, in few bytes and without loss. For bytes the
 * one that is left out is the most frequent, which for quantised weights is their zero point; for
 * others it is zero.
 *
 * <p>Layout, little-endian: the byte that all bytes of a left-out element are (u32); number of
 * other elements (u32); {@link Marks} of these; for each byte of an element, in the order they have
 * in the file, a {@link Section section} of those of the marked elements.
 */
final class SparseBytes {
  private static final int BYTE = 0xff;

  private SparseBytes() {}

  /**
   * Appends the remaining elements of {@code bytes}.
   *
   * @param width bytes of each
   */
  static void encode(ByteBuffer bytes, int width, Chunks out) {
    byte[] all = new byte[bytes.remaining()];
    bytes.duplicate().get(all);
    int elements = all.length / width;
    byte background = width == 1 ? mostFrequent(all) : 0;
    byte[] marks = new byte[Section.bytesFor(elements)];
    int kept = 0;
    for (int i = 0; i < elements; i++) {
      int differs = 0;
      for (int b = 0; b < width; b++) {
        differs |= all[i * width + b] ^ background;
      }
      int mark = (differs | -differs) >>> (Integer.SIZE - 1);
      marks[i >>> 3] |= (byte) (mark << (i & 7));
      kept += mark;
    }
    out.putInt(background & BYTE);
    out.putInt(kept);
    Marks.encode(marks, kept, out);
    int[] positions = Marks.positions(marks, kept);
    byte[] plane = new byte[kept];
    for (int b = 0; b < width; b++) {
      for (int i = 0; i < kept; i++) {
        plane[i] = all[positions[i] * width + b];
      }
      Section.writeElements(plane, kept, out);
    }
  }

  private static byte mostFrequent(byte... bytes) {
    int[] counts = new int[BYTE + 1];
    for (byte value : bytes) {
      counts[value & BYTE]++;
    }
    int most = 0;
    for (int value = 1; value <= BYTE; value++) {
      most = counts[value] > counts[most] ? value : most;
    }
    return (byte) most;
  }

  /**
   * Decodes elements into {@code bytes}, which hold zeros.
   *
   * @throws dev.espalier.contract.Refusal {@code archive-malformed}
   */
  static void decode(ByteBuffer in, int width, ByteBuffer bytes) {
    int start = bytes.position();
    int elements = bytes.remaining() / width;
    int background = Section.readInt(in);
    int kept = Section.readInt(in);
    if (background < 0 || background > BYTE || kept < 0 || kept > elements) {
      throw Section.malformed("%d of %d elements are kept".formatted(kept, elements));
    }
    int[] positions = Marks.positions(Marks.decode(in, elements, kept), kept);
    if (background != 0) {
      for (int at = start; at < bytes.limit(); at++) {
        bytes.put(at, (byte) background);
      }
    }
    for (int b = 0; b < width; b++) {
      byte[] plane = Section.read(in, kept);
      for (int i = 0; i < kept; i++) {
        bytes.put(start + positions[i] * width + b, plane[i]);
      }
    }
  }
}
