package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates one entry and stops at the first byte more than the directory promised. */
final class EntryInflater {
  private static final int CHUNK_BYTES = 1 << 16;

  /** Deflate cannot do better than 258 bytes out of 2 bits (RFC 1951), 1032 to 1. */
  private static final long LARGEST_RATIO = 1032;

  /** Receives inflated bytes. */
  private interface Sink {
    void accept(byte[] bytes, int length);
  }

  private final FileChannel file;
  private final long start;
  private final ArchiveEntry entry;

  EntryInflater(FileChannel file, long start, ArchiveEntry entry) {
    this.file = file;
    this.start = start;
    this.entry = entry;
  }

  /** All inflated bytes. */
  byte[] read() throws IOException {
    if (entry.inflated() > Integer.MAX_VALUE - 8
        || entry.inflated() / LARGEST_RATIO > entry.compressed()) {
      throw contradiction();
    }
    ByteBuffer all = ByteBuffer.allocate((int) entry.inflated());
    inflate((bytes, length) -> all.put(bytes, 0, length));
    return all.array();
  }

  /** Inflates into nothing. */
  void verify() throws IOException {
    inflate((bytes, length) -> {});
  }

  private void inflate(Sink sink) throws IOException {
    CRC32 crc = new CRC32();
    long total =
        entry.method() == ArchiveEntry.STORED
            ? copy(checked(sink, crc))
            : expand(checked(sink, crc));
    if (total != entry.inflated() || crc.getValue() != entry.crc()) {
      throw contradiction();
    }
  }

  private static Sink checked(Sink sink, CRC32 crc) {
    return (bytes, length) -> {
      crc.update(bytes, 0, length);
      sink.accept(bytes, length);
    };
  }

  private long copy(Sink sink) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = 0; at < entry.compressed(); ) {
      int count = readAt(at, chunk);
      sink.accept(chunk, count);
      at += count;
    }
    return entry.compressed();
  }

  private long expand(Sink sink) throws IOException {
    Inflater inflater = new Inflater(true);
    byte[] in = new byte[CHUNK_BYTES];
    byte[] out = new byte[CHUNK_BYTES];
    try {
      while (!inflater.finished()) {
        if (inflater.needsInput()) {
          inflater.setInput(in, 0, readAt(inflater.getBytesRead(), in));
        }
        int count = inflater.inflate(out);
        if (inflater.getBytesWritten() > entry.inflated() || inflater.needsDictionary()) {
          throw contradiction();
        }
        sink.accept(out, count);
      }
      if (inflater.getBytesRead() != entry.compressed()) {
        throw contradiction();
      }
      return inflater.getBytesWritten();
    } catch (DataFormatException e) {
      throw new Refusal(
          ARCHIVE_MALFORMED, "entry '" + entry.name() + "' is damaged: upload it again", e);
    } finally {
      inflater.end();
    }
  }

  /** At least one byte of the compressed data from {@code at}. */
  private int readAt(long at, byte[] chunk) throws IOException {
    int wanted = (int) Math.min(chunk.length, entry.compressed() - at);
    int count = wanted <= 0 ? 0 : file.read(ByteBuffer.wrap(chunk, 0, wanted), start + at);
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
}
