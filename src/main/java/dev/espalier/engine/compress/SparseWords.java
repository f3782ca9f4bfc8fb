package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * 32-bit words, many of them zero, in few bytes and without loss.
 *
 * <p>Layout, little-endian: number of words that are not zero (u32); a {@link Section section} of a
 * bit per word, 1 where it is not zero, first word lowest; 1 (u32) and the others' {@link Palette},
 * or 0 and their {@link Differences}.
 */
final class SparseWords {
  private static final int CHUNK = 4096;
  private static final int SIGN = 31;
  private static final int BYTE = 0xff;
  private static final int DIFFERENCES = 0;
  private static final int PALETTE = 1;

  private SparseWords() {}

  /** Appends the remaining words of {@code words}. */
  static void encode(IntBuffer words, Chunks out) {
    int count = words.remaining();
    byte[] mask = new byte[Section.bytesFor(count)];
    int[] kept = kept(words.duplicate(), mask);
    out.putInt(kept.length);
    Section.write(mask, mask.length, out);
    Optional<Palette> palette = Palette.of(kept);
    out.putInt(palette.isPresent() ? PALETTE : DIFFERENCES);
    if (palette.isPresent()) {
      palette.get().encode(kept, out);
    } else {
      Differences.encode(kept, out);
    }
  }

  /** The words that are not zero; marks them in {@code mask}. */
  private static int[] kept(IntBuffer words, byte[] mask) {
    int[] kept = new int[Math.max(CHUNK, words.remaining() / 8) + CHUNK];
    int[] chunk = new int[CHUNK];
    int size = 0;
    for (int start = 0; words.hasRemaining(); start += CHUNK) {
      int count = Math.min(CHUNK, words.remaining());
      words.get(chunk, 0, count);
      Arrays.fill(chunk, count, CHUNK, 0);
      if (kept.length - size < CHUNK) {
        kept =
            Arrays.copyOf(kept, (int) Math.min(Integer.MAX_VALUE - 8L, kept.length * 2L + CHUNK));
      }
      for (int i = 0; i < count; i += Byte.SIZE) {
        int marks = 0;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          int word = chunk[i + bit];
          int notZero = (word | -word) >>> SIGN;
          kept[size] = word;
          size += notZero;
          marks |= notZero << bit;
        }
        mask[(start + i) >>> 3] = (byte) marks;
      }
    }
    return Arrays.copyOf(kept, size);
  }

  /**
   * Decodes words into {@code words}, which hold zeros.
   *
   * @throws dev.espalier.contract.Refusal {@code archive-malformed}
   */
  static void decode(ByteBuffer in, IntBuffer words) {
    int count = Section.readInt(in);
    if (count < 0 || count > words.remaining()) {
      throw Section.malformed("%d of %d words are kept".formatted(count, words.remaining()));
    }
    byte[] mask = Section.read(in, Section.bytesFor(words.remaining()));
    int[] kept = new int[count];
    int coding = Section.readInt(in);
    if (coding == PALETTE) {
      Palette.decode(in, kept);
    } else if (coding == DIFFERENCES) {
      Differences.decode(in, kept);
    } else {
      throw Section.malformed("words are coded by way %d".formatted(coding));
    }
    place(kept, mask, words);
  }

  private static void place(int[] kept, byte[] mask, IntBuffer words) {
    requireMarks(mask, kept.length, words.remaining());
    int next = 0;
    int at = words.position();
    for (byte marked : mask) {
      for (int marks = marked & BYTE; marks != 0; marks &= marks - 1) {
        words.put(at + Integer.numberOfTrailingZeros(marks), kept[next++]);
      }
      at += Byte.SIZE;
    }
  }

  private static void requireMarks(byte[] mask, int wanted, int words) {
    long marks = 0;
    for (byte marked : mask) {
      marks += Integer.bitCount(marked & BYTE);
    }
    int beyond = mask.length * Byte.SIZE - words;
    boolean outside = beyond > 0 && (mask[mask.length - 1] & BYTE) >>> (Byte.SIZE - beyond) != 0;
    if (marks != wanted || outside) {
      throw Section.malformed("its mask keeps %d of %d words".formatted(marks, wanted));
    }
  }
}
