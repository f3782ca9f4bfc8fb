package dev.espalier.engine.compress;

import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.espalier.contract.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Some bytes in an archive: their stored length (u32, little-endian), then a zstd frame (RFC 8878)
 * or, when the stored length is the decoded one, which is known from elsewhere, the bytes
 * themselves.
 */
final class Section {
  /**
   * Of sections of elements: numbers that look random but for how often each occurs. Higher levels
   * look harder for repetitions, and every one they find there costs more than it saves.
   */
  private static final int ELEMENTS_LEVEL = 1;

  private static final int LEVEL = 3;

  private Section() {}

  /** Appends {@code length} bytes of a file that anything may be in, whichever way is shorter. */
  static void write(byte[] bytes, int length, Chunks out) {
    write(bytes, length, LEVEL, out);
  }

  /** Appends {@code length} bytes that say something of an element each, likewise. */
  static void writeElements(byte[] bytes, int length, Chunks out) {
    write(bytes, length, ELEMENTS_LEVEL, out);
  }

  private static void write(byte[] bytes, int length, int level, Chunks out) {
    byte[] frame = new byte[(int) Zstd.compressBound(length)];
    long size = Zstd.compressByteArray(frame, 0, frame.length, bytes, 0, length, level);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    boolean smaller = size < length;
    out.putInt(smaller ? (int) size : length);
    out.put(smaller ? frame : bytes, smaller ? (int) size : length);
  }

  /**
   * Reads the next section.
   *
   * @param length its decoded length
   * @throws Refusal {@code archive-malformed} when it is not that long or not a frame
   */
  static byte[] read(ByteBuffer in, int length) {
    try {
      int stored = readInt(in);
      if (stored < 0 || stored > length || stored > in.remaining()) {
        throw malformed("a section of %d bytes is said to take %d".formatted(length, stored));
      }
      byte[] bytes = new byte[stored];
      in.get(bytes);
      if (stored == length) {
        return bytes;
      }
      byte[] decoded = new byte[length];
      long size = Zstd.decompressByteArray(decoded, 0, length, bytes, 0, stored);
      if (size != length) {
        throw malformed("a section of %d bytes decodes to %d".formatted(length, size));
      }
      return decoded;
    } catch (ZstdException e) {
      throw new Refusal(ARCHIVE_MALFORMED, "the sparse archive is damaged: " + e.getMessage(), e);
    }
  }

  /** Reads a number that stands between sections. */
  static int readInt(ByteBuffer in) {
    if (in.remaining() < Integer.BYTES) {
      throw malformed("it ends early");
    }
    return in.getInt();
  }

  /** Reads a long number that stands between sections. */
  static long readLong(ByteBuffer in) {
    if (in.remaining() < Long.BYTES) {
      throw malformed("it ends early");
    }
    return in.getLong();
  }

  /** Bytes that hold a number of bits. */
  static int bytesFor(int bits) {
    return (int) ((bits + 7L) / Byte.SIZE);
  }

  static Refusal malformed(String what) {
    return new Refusal(ARCHIVE_MALFORMED, "the sparse archive is damaged: " + what);
  }

  /** Bytes that are appended to, little-endian. */
  static final class Chunks {
    private byte[] bytes = new byte[1 << 16];
    private int size;

    void put(byte[] source, int length) {
      reserve(length);
      System.arraycopy(source, 0, bytes, size, length);
      size += length;
    }

    void putInt(int value) {
      reserve(Integer.BYTES);
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        bytes[size++] = (byte) (value >>> shift);
      }
    }

    void putLong(long value) {
      putInt((int) value);
      putInt((int) (value >>> Integer.SIZE));
    }

    private void reserve(int more) {
      if (bytes.length - size < more) {
        bytes = Arrays.copyOf(bytes, Math.addExact(size, Math.max(more, size)));
      }
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, size);
    }
  }
}
