package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;

/**
 * Which elements are kept, a bit each, first element lowest. Few kept elements take fewer bytes as
 * gaps between them: gaps are distributed geometrically, which a Huffman code meets to within a few
 * per cent at any density (Gallager and Van Voorhis 1975, doi:10.1109/TIT.1975.1055357), while a
 * code for whole bytes of bits cannot spend less than a bit on each.
 *
 * <p>Layout: 0 (u32) and the bits as a {@link Section section}; or 1 (u32), number of bytes (u32)
 * and a section of them: for every kept element the number of others before it, up to the kept one
 * before; a byte 255 stands for 255 of them with more to come.
 */
final class Marks {
  private static final int BITS = 0;
  private static final int GAPS = 1;
  private static final int BYTE = 0xff;
  private static final int MORE = 255;

  /** Below one kept element in so many gaps may be shorter. */
  private static final int SPARSE_FROM = 6;

  private Marks() {}

  /**
   * Appends marks, whichever way is shorter.
   *
   * @param bits of all elements
   * @param kept how many are 1
   */
  static void encode(byte[] bits, int kept, Chunks out) {
    Chunks plain = new Chunks();
    plain.putInt(BITS);
    Section.writeElements(bits, bits.length, plain);
    byte[] shorter = plain.toBytes();
    if (kept < (long) bits.length * Byte.SIZE / SPARSE_FROM) {
      Chunks sparse = new Chunks();
      gaps(bits, kept, sparse);
      byte[] encoded = sparse.toBytes();
      shorter = encoded.length < shorter.length ? encoded : shorter;
    }
    out.put(shorter, shorter.length);
  }

  private static void gaps(byte[] bits, int kept, Chunks out) {
    byte[] gaps = new byte[kept + bits.length * Byte.SIZE / MORE + 1];
    int size = 0;
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      for (int marks = bits[i] & BYTE; marks != 0; marks &= marks - 1) {
        int at = i * Byte.SIZE + Integer.numberOfTrailingZeros(marks);
        for (; at - next >= MORE; next += MORE) {
          gaps[size++] = (byte) MORE;
        }
        gaps[size++] = (byte) (at - next);
        next = at + 1;
      }
    }
    out.putInt(GAPS);
    out.putInt(size);
    Section.writeElements(gaps, size, out);
  }

  /**
   * Reads the bits of {@code elements} elements.
   *
   * @param kept how many must be 1
   */
  static byte[] decode(ByteBuffer in, int elements, int kept) {
    int form = Section.readInt(in);
    if (form == BITS) {
      byte[] bits = Section.read(in, Section.bytesFor(elements));
      requireMarks(bits, kept, elements);
      return bits;
    }
    if (form != GAPS) {
      throw Section.malformed("marks of form %d".formatted(form));
    }
    return bits(in, elements, kept);
  }

  private static byte[] bits(ByteBuffer in, int elements, int kept) {
    int size = Section.readInt(in);
    if (size < kept || size > (long) kept + elements / MORE) {
      throw Section.malformed("%d gaps before %d elements".formatted(size, kept));
    }
    byte[] bits = new byte[Section.bytesFor(elements)];
    long at = -1;
    int found = 0;
    boolean more = false;
    for (byte encoded : Section.read(in, size)) {
      int gap = encoded & BYTE;
      at += gap + (more ? 0 : 1);
      more = gap == MORE;
      if (!more) {
        if (at >= elements) {
          throw Section.malformed("element %d of %d is kept".formatted(at, elements));
        }
        bits[(int) (at >>> 3)] |= (byte) (1 << (at & 7));
        found++;
      }
    }
    if (found != kept || more) {
      throw Section.malformed("its gaps keep %d of %d elements".formatted(found, kept));
    }
    return bits;
  }

  private static void requireMarks(byte[] bits, int wanted, int elements) {
    long marks = 0;
    for (byte marked : bits) {
      marks += Integer.bitCount(marked & BYTE);
    }
    int beyond = bits.length * Byte.SIZE - elements;
    boolean outside = beyond > 0 && (bits[bits.length - 1] & BYTE) >>> (Byte.SIZE - beyond) != 0;
    if (marks != wanted || outside) {
      throw Section.malformed("its marks keep %d of %d elements".formatted(marks, wanted));
    }
  }

  /** Positions of the kept elements, ascending. */
  static int[] positions(byte[] bits, int kept) {
    int[] positions = new int[kept];
    int next = 0;
    for (int i = 0; i < bits.length; i++) {
      for (int marks = bits[i] & BYTE; marks != 0; marks &= marks - 1) {
        positions[next++] = i * Byte.SIZE + Integer.numberOfTrailingZeros(marks);
      }
    }
    return positions;
  }
}
