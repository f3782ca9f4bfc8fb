package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the little-endian fields that a zip file's headers consist of. */
final class ZipFields {
  private static final int UTF8_FLAG = 1 << 11;

  private ZipFields() {}

  /** Exactly {@code length} bytes of a file from {@code offset}. */
  static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = offset; bytes.hasRemaining(); ) {
      int count = at < 0 ? -1 : file.read(bytes, at);
      require(count >= 0, "it ends too early, or is not a zip file: upload it again");
      at += count;
    }
    return bytes.flip();
  }

  static int u16(ByteBuffer bytes) {
    return Short.toUnsignedInt(bytes.getShort());
  }

  static long u32(ByteBuffer bytes) {
    return Integer.toUnsignedLong(bytes.getInt());
  }

  /** An unsigned 64-bit number; those above 2^63 - 1 are impossible in a file. */
  static long u64(ByteBuffer bytes) {
    long number = bytes.getLong();
    require(number >= 0, "it has an impossible size");
    return number;
  }

  /**
   * A name.
   *
   * @param flags the entry's general purpose bits, which tell the encoding
   */
  static String name(ByteBuffer bytes, int length, int flags) {
    boolean utf8 = (flags & UTF8_FLAG) != 0;
    try {
      return (utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
          .newDecoder()
          .decode(slice(bytes, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(ARCHIVE_MALFORMED, "the archive holds a name that is not UTF-8", e);
    }
  }

  /** A copy of the next {@code length} bytes. */
  static ByteBuffer slice(ByteBuffer bytes, int length) {
    if (length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] copy = new byte[length];
    bytes.get(copy);
    return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Refusal(ARCHIVE_MALFORMED, "the archive cannot be trusted: " + otherwise);
    }
  }
}
