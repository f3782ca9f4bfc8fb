package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The few distinct values of words that come from a codebook (Han et al. 2016, arXiv:1510.00149),
 * and which of them each word is: at most 256, so that an index is a byte. Indices of at most 16
 * values are packed in pairs: a Huffman code of pairs comes closer to their entropy.
 *
 * <p>Layout: number of values (u32), the values (u32 each), a {@link Section section} of an index
 * per word, or of two per byte, the first in its lower half.
 */
final class Palette {
  static final int MOST = 256;
  private static final int BYTE = 0xff;
  private static final int MOST_PAIRED = 16;
  private static final int HALF = 4;
  private static final int SLOTS = 1 << 10; // a quarter full at most
  private static final int GOLDEN = 0x9e3779b9;

  /** In ascending order. */
  private final int[] values;

  private Palette(int[] values) {
    this.values = values;
  }

  /** The palette of {@code words}, none of which is zero; empty when it would be too large. */
  static Optional<Palette> of(int[] words) {
    int[] slots = new int[SLOTS];
    int distinct = 0;
    for (int word : words) {
      int slot = slot(word);
      while (slots[slot] != word && slots[slot] != 0) {
        slot = (slot + 1) % SLOTS;
      }
      if (slots[slot] == 0) {
        if (++distinct > MOST) {
          return Optional.empty();
        }
        slots[slot] = word;
      }
    }
    return Optional.of(new Palette(Arrays.stream(slots).filter(w -> w != 0).sorted().toArray()));
  }

  private static int slot(int word) {
    return (word * GOLDEN) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
  }

  /** Appends number of values, values and an index a word. */
  void encode(int[] words, Chunks out) {
    out.putInt(values.length);
    for (int value : values) {
      out.putInt(value);
    }
    boolean paired = values.length <= MOST_PAIRED;
    byte[] indices = new byte[size(words.length, paired)];
    for (int i = 0; i < words.length; i++) {
      int index = Arrays.binarySearch(values, words[i]);
      if (paired) {
        indices[i >>> 1] |= (byte) (index << ((i & 1) * HALF));
      } else {
        indices[i] = (byte) index;
      }
    }
    Section.writeElements(indices, indices.length, out);
  }

  private static int size(int words, boolean paired) {
    return paired ? (words + 1) >>> 1 : words;
  }

  /** Reads {@code words} words. */
  static int[] decode(ByteBuffer in, int words) {
    int count = Section.readInt(in);
    if (count < 0 || count > MOST) {
      throw Section.malformed("a palette has %d values".formatted(count));
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = Section.readInt(in);
    }
    int[] decoded = new int[words];
    boolean paired = count <= MOST_PAIRED;
    byte[] indices = Section.read(in, size(words, paired));
    for (int i = 0; i < words; i++) {
      int index =
          paired ? (indices[i >>> 1] >>> ((i & 1) * HALF)) & (MOST_PAIRED - 1) : indices[i] & BYTE;
      if (index >= count) {
        throw Section.malformed("index %d in a palette of %d values".formatted(index, count));
      }
      decoded[i] = values[index];
    }
    return decoded;
  }
}
