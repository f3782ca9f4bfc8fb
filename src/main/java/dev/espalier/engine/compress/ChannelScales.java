package dev.espalier.engine.compress;

import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Words that are single-precision products {@code q · scale} of an 8-bit integer and the scale of a
 * channel, as {@link Int8} leaves them in files that have no integers. Nothing tells so: scales are
 * looked for, axis by axis, and taken where every word comes out of them bit for bit.
 *
 * <p>Layout: number of channels (u32); words that follow each other before the channel changes
 * (u32); {@link Section sections} of a scale (f32) per channel and of an integer (i8) per word. The
 * channel of the element at position {@code i} is {@code i / inner mod channels}.
 */
final class ChannelScales {
  private static final int LARGEST = 127;
  private static final int MAGNITUDE = 0x7fff_ffff;

  /** How far, in units in the last place, the true scale may be from max / 127. */
  private static final int REACH = 2;

  private final int inner;
  private final float[] scales;

  private ChannelScales(int inner, float... scales) {
    this.inner = inner;
    this.scales = scales;
  }

  /**
   * Scales that the words come from.
   *
   * @param words that are not zero
   * @param positions of them, ascending
   * @param shape of the tensor whose elements they are
   */
  static Optional<ChannelScales> of(int[] words, int[] positions, List<Long> shape) {
    if (words.length == 0) {
      return Optional.empty();
    }
    int inner = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      int channels = Math.toIntExact(shape.get(axis));
      Optional<ChannelScales> found =
          channels < 2 ? Optional.empty() : of(words, positions, channels, inner);
      if (found.isPresent()) {
        return found;
      }
      inner *= channels;
    }
    return of(words, positions, 1, inner);
  }

  private static Optional<ChannelScales> of(int[] words, int[] positions, int channels, int inner) {
    if (channels >= words.length) {
      return Optional.empty(); // A scale per word would save nothing.
    }
    float[] largest = new float[channels];
    Channel channel = new Channel(channels, inner);
    for (int i = 0; i < words.length; i++) {
      int c = channel.at(positions[i]);
      largest[c] = Math.max(largest[c], Float.intBitsToFloat(words[i] & MAGNITUDE));
    }
    float[] scales = new float[channels];
    int[] steps = new int[channels];
    Arrays.fill(steps, -REACH - 1);
    for (int c = 0; c < channels; c++) {
      if (!advance(scales, steps, largest[c], c)) {
        return Optional.empty();
      }
    }
    return fit(words, positions, largest, steps, new ChannelScales(inner, scales));
  }

  /** Tries the words; a word that does not fit makes its channel try the next scale from anew. */
  private static Optional<ChannelScales> fit(
      int[] words, int[] positions, float[] largest, int[] steps, ChannelScales found) {
    for (int round = 0; round <= 2 * REACH; round++) {
      Channel channel = new Channel(found.scales.length, found.inner);
      boolean fits = true;
      for (int i = 0; i < words.length; i++) {
        int c = channel.at(positions[i]);
        if (!found.fits(words[i], c)) {
          if (!advance(found.scales, steps, largest[c], c)) {
            return Optional.empty();
          }
          fits = false;
        }
      }
      if (fits) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** Gives a channel the next scale whose 127-fold is its largest word; false without one left. */
  private static boolean advance(float[] scales, int[] steps, float largest, int channel) {
    if (largest == 0) {
      return true;
    }
    int nearest = Float.floatToRawIntBits(largest / LARGEST);
    while (++steps[channel] <= REACH) {
      float scale = Float.intBitsToFloat(nearest + steps[channel]);
      if (scale >= Float.MIN_NORMAL && scale * LARGEST == largest) {
        scales[channel] = scale;
        return true;
      }
    }
    return false;
  }

  private boolean fits(int word, int channel) {
    float value = Float.intBitsToFloat(word);
    float rebuilt = integer(value, channel) * scales[channel];
    return Float.floatToRawIntBits(rebuilt) == word;
  }

  private byte integer(float value, int channel) {
    return (byte) Math.rint(value / scales[channel]);
  }

  void encode(int[] words, int[] positions, Chunks out) {
    out.putInt(scales.length);
    out.putInt(inner);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, scales.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(scales);
    Section.writeElements(bytes.array(), bytes.capacity(), out);
    byte[] integers = new byte[words.length];
    Channel channel = new Channel(scales.length, inner);
    for (int i = 0; i < words.length; i++) {
      integers[i] = integer(Float.intBitsToFloat(words[i]), channel.at(positions[i]));
    }
    Section.writeElements(integers, integers.length, out);
  }

  /** Reads the words at {@code positions}. */
  static int[] decode(ByteBuffer in, int... positions) {
    int channels = Section.readInt(in);
    int inner = Section.readInt(in);
    if (channels < 1 || inner < 1 || channels > Math.max(1, positions.length)) {
      throw Section.malformed("%d channels of %d words".formatted(channels, inner));
    }
    float[] scales = new float[channels];
    ByteBuffer.wrap(Section.read(in, Math.multiplyExact(Float.BYTES, channels)))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(scales);
    byte[] integers = Section.read(in, positions.length);
    int[] words = new int[positions.length];
    Channel channel = new Channel(channels, inner);
    for (int i = 0; i < words.length; i++) {
      words[i] = Float.floatToRawIntBits(integers[i] * scales[channel.at(positions[i])]);
    }
    return words;
  }

  /** The channel of ascending positions, without a division for each. */
  private static final class Channel {
    private final int channels;
    private final int inner;
    private int current;
    private long end;

    Channel(int channels, int inner) {
      this.channels = channels;
      this.inner = inner;
      this.end = inner;
    }

    int at(int position) {
      if (channels > 1 && position >= end) {
        long passed = (position - end) / inner + 1;
        current = (int) ((current + passed) % channels);
        end += passed * inner;
      }
      return current;
    }
  }
}
