package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The inflated bytes of one entry. It never gives a byte more than the directory promised, and its
 * end is reached only when size, compressed size and CRC-32 are those of the directory; else it
 * throws a {@link Refusal}.
 */
final class EntryStream extends InputStream {
  private static final int CHUNK_BYTES = 1 << 16;

  private final FileChannel file;
  private final long start;
  private final ArchiveEntry entry;
  private final CRC32 crc = new CRC32();
  private final Inflater inflater = new Inflater(true);
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private long taken;
  private long given;

  EntryStream(FileChannel file, long start, ArchiveEntry entry) {
    this.file = file;
    this.start = start;
    this.entry = entry;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count =
        entry.method() == ArchiveEntry.STORED
            ? copy(bytes, offset, length)
            : inflate(bytes, offset, length);
    if (count < 0) {
      if (given != entry.inflated()
          || taken != entry.compressed()
          || crc.getValue() != entry.crc()) {
        throw contradiction();
      }
      return -1;
    }
    given += count;
    if (given > entry.inflated()) {
      throw contradiction();
    }
    crc.update(bytes, offset, count);
    return count;
  }

  private int copy(byte[] bytes, int offset, int length) throws IOException {
    if (taken == entry.compressed()) {
      return -1;
    }
    int count = readAt(taken, bytes, offset, length);
    taken += count;
    return count;
  }

  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(bytes, offset, length);
        taken = inflater.getBytesRead();
        if (count > 0) {
          return count;
        }
        if (inflater.finished()) {
          return -1;
        }
        if (inflater.needsDictionary() || !inflater.needsInput()) {
          throw contradiction();
        }
        inflater.setInput(chunk, 0, readAt(taken, chunk, 0, chunk.length));
      }
    } catch (DataFormatException e) {
      throw new Refusal(
          ARCHIVE_MALFORMED, "entry '" + entry.name() + "' is damaged: upload it again", e);
    }
  }

  /** At least one byte of the compressed data from {@code at}. */
  private int readAt(long at, byte[] bytes, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, entry.compressed() - at);
    int count = wanted <= 0 ? 0 : file.read(ByteBuffer.wrap(bytes, offset, wanted), start + at);
    if (count <= 0) {
      throw contradiction();
    }
    return count;
  }

  private Refusal contradiction() {
    return new Refusal(
        ARCHIVE_MALFORMED,
        "entry '%s' does not hold the %,d bytes that the archive's directory promises"
            .formatted(entry.name(), entry.inflated()));
  }

  @Override
  public void close() {
    inflater.end();
  }
}
