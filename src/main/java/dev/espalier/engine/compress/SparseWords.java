package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * 32-bit words, many of them zero, in few bytes and without loss.
 *
 * <p>Layout, little-endian: number of words that are not zero (u32); {@link Marks} of these; 2
 * (u32) and their {@link ChannelScales}, 1 and their {@link Palette}, or 0 and their {@link
 * Differences}.
 */
final class SparseWords {
  private static final int CHUNK = 4096;
  private static final int SIGN = 31;
  private static final int DIFFERENCES = 0;
  private static final int PALETTE = 1;
  private static final int SCALES = 2;

  private SparseWords() {}

  /**
   * Appends the remaining words of {@code words}.
   *
   * @param shape of the tensor whose elements they are
   */
  static void encode(IntBuffer words, List<Long> shape, Chunks out) {
    byte[] mask = new byte[Section.bytesFor(words.remaining())];
    int[] kept = kept(words.duplicate(), mask);
    out.putInt(kept.length);
    Marks.encode(mask, kept.length, out);
    int[] positions = Marks.positions(mask, kept.length);
    Optional<ChannelScales> scales = ChannelScales.of(kept, positions, shape);
    Optional<Palette> palette = scales.isPresent() ? Optional.empty() : Palette.of(kept);
    if (scales.isPresent()) {
      out.putInt(SCALES);
      scales.get().encode(kept, positions, out);
    } else if (palette.isPresent()) {
      out.putInt(PALETTE);
      palette.get().encode(kept, out);
    } else {
      out.putInt(DIFFERENCES);
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
    int[] positions = Marks.positions(Marks.decode(in, words.remaining(), count), count);
    int coding = Section.readInt(in);
    int[] kept =
        switch (coding) {
          case DIFFERENCES -> Differences.decode(in, count);
          case PALETTE -> Palette.decode(in, count);
          case SCALES -> ChannelScales.decode(in, positions);
          default -> throw Section.malformed("words are coded by way %d".formatted(coding));
        };
    int start = words.position();
    for (int i = 0; i < count; i++) {
      words.put(start + positions[i], kept[i]);
    }
  }
}
