package dev.espalier.engine.format.hdf5;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Applies filters to chunks: gzip, byte shuffling, and Fletcher's checksum. */
final class Pipeline {
  private static final int CHECKSUM_BYTES = 4;
  private static final int DEFAULT_LEVEL = 4;

  private Pipeline() {}

  /**
   * The elements of a stored chunk.
   *
   * @param skipped bit i is set when filter i was not applied
   * @param size bytes that must come out
   */
  static byte[] decode(byte[] stored, List<Filter> filters, int skipped, int size) {
    byte[] bytes = stored;
    for (int i = filters.size() - 1; i >= 0; i--) {
      if ((skipped >> i & 1) == 0) {
        bytes =
            switch (filters.get(i).id()) {
              case Filter.DEFLATE -> inflate(bytes, size + CHECKSUM_BYTES);
              case Filter.SHUFFLE -> unshuffle(bytes, width(filters.get(i)));
              default -> withoutChecksum(bytes);
            };
      }
    }
    Malformed.require(bytes.length == size, "a chunk has another size than its shape");
    return bytes;
  }

  /** The stored form of a chunk's elements. */
  static byte[] encode(byte[] elements, List<Filter> filters) {
    byte[] bytes = elements;
    for (Filter filter : filters) {
      bytes =
          switch (filter.id()) {
            case Filter.DEFLATE -> deflate(bytes, filter);
            case Filter.SHUFFLE -> shuffle(bytes, width(filter));
            default -> withChecksum(bytes);
          };
    }
    return bytes;
  }

  private static int width(Filter shuffle) {
    int width = shuffle.parameters().isEmpty() ? 1 : shuffle.parameters().get(0);
    Malformed.require(width > 0, "a shuffle filter has no element size");
    return width;
  }

  private static byte[] inflate(byte[] bytes, int most) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      byte[] out = new byte[most];
      int length = 0;
      while (!inflater.finished() && length < most) {
        int count = inflater.inflate(out, length, most - length);
        Malformed.require(count > 0 || inflater.finished(), "a compressed chunk is cut off");
        length += count;
      }
      return java.util.Arrays.copyOf(out, length);
    } catch (DataFormatException e) {
      throw Malformed.because("a compressed chunk cannot be inflated");
    } finally {
      inflater.end();
    }
  }

  private static byte[] deflate(byte[] bytes, Filter filter) {
    int level = filter.parameters().isEmpty() ? DEFAULT_LEVEL : filter.parameters().get(0);
    Deflater deflater = new Deflater(Math.min(Math.max(level, 0), Deflater.BEST_COMPRESSION));
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
      byte[] part = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** Byte i of all elements lies together; what does not fill an element stays at the end. */
  private static byte[] unshuffle(byte[] bytes, int width) {
    int elements = bytes.length / width;
    byte[] out = bytes.clone();
    for (int b = 0; b < width; b++) {
      for (int e = 0; e < elements; e++) {
        out[e * width + b] = bytes[b * elements + e];
      }
    }
    return out;
  }

  private static byte[] shuffle(byte[] bytes, int width) {
    int elements = bytes.length / width;
    byte[] out = bytes.clone();
    for (int b = 0; b < width; b++) {
      for (int e = 0; e < elements; e++) {
        out[b * elements + e] = bytes[e * width + b];
      }
    }
    return out;
  }

  private static byte[] withoutChecksum(byte[] bytes) {
    Malformed.require(bytes.length >= CHECKSUM_BYTES, "a chunk has no checksum");
    byte[] elements = java.util.Arrays.copyOf(bytes, bytes.length - CHECKSUM_BYTES);
    byte[] expected = withChecksum(elements);
    Malformed.require(java.util.Arrays.equals(bytes, expected), "a chunk's checksum is wrong");
    return elements;
  }

  /** Fletcher's checksum with 16-bit words, high byte first, as the HDF5 library computes it. */
  private static byte[] withChecksum(byte[] bytes) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      int second = i + 1 < bytes.length ? bytes[i + 1] & 0xFF : 0;
      low = (low + ((bytes[i] & 0xFF) << 8 | second)) % 65_535;
      high = (high + low) % 65_535;
    }
    byte[] out = java.util.Arrays.copyOf(bytes, bytes.length + CHECKSUM_BYTES);
    java.nio.ByteBuffer.wrap(out)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length, (int) (high << 16 | low));
    return out;
  }
}
