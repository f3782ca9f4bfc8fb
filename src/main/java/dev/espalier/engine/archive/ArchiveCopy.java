package dev.espalier.engine.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes copies of archives with other content in some entries. */
public final class ArchiveCopy {
  /**
   * The time of every entry: fixed, so that the same content gives the same bytes. The first moment
   * that zip can hold, 1980-01-01, would make Java add the time zone.
   */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private static final int LOCAL_CRC_AT = 14;
  private static final int DIRECTORY_CRC_AT = 16;
  private static final int DIRECTORY_LENGTHS_AT = 28;
  private static final int DIRECTORY_HEADER_AT = 42;
  private static final int DIRECTORY_FIXED = 46;

  private ArchiveCopy() {}

  /** Content of an entry, which may be asked for more than once. */
  @FunctionalInterface
  public interface Content {
    /** Opens it. */
    InputStream open() throws IOException;

    /** Bytes in memory. */
    static Content of(byte[] bytes) {
      return () -> new ByteArrayInputStream(bytes);
    }
  }

  /**
   * Writes an archive with the same entries in the same order, stored or deflated as they were.
   *
   * @param replaced content by name of the entry
   * @param target file to create
   */
  public static void write(Archive archive, Map<String, Content> replaced, Path target)
      throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
      for (String name : archive.names()) {
        Content content = replaced.getOrDefault(name, () -> archive.stream(name));
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ENTRY_TIME);
        if (archive.storedAt(name).isPresent()) {
          measure(entry, content);
        }
        zip.putNextEntry(entry);
        try (InputStream in = content.open()) {
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
  }

  /** What the header of an entry that is not compressed must say before its content. */
  private static void measure(ZipEntry entry, Content content) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(content.open(), new CRC32())) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(size);
      entry.setCrc(in.getChecksum().getValue());
    }
  }

  /**
   * Copies an archive and overwrites bytes of one entry that is not compressed, with the checksums
   * that follow; every other byte is as it came.
   *
   * @param file the archive's
   * @param bytes by position in the file; all within the entry
   * @param target file to create
   */
  public static void patch(
      Path file, Archive archive, String name, Map<Long, ByteBuffer> bytes, Path target)
      throws IOException {
    Files.copy(file, target);
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (Map.Entry<Long, ByteBuffer> piece : bytes.entrySet()) {
        write(out, piece.getKey(), piece.getValue());
      }
      long start = archive.storedAt(name).orElseThrow();
      int crc = crc(out, start, archive.inflatedBytes(name));
      ByteBuffer encoded = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, crc);
      long header = archive.headerOf(name);
      write(out, header + LOCAL_CRC_AT, encoded.duplicate());
      write(out, directoryEntry(out, header) + DIRECTORY_CRC_AT, encoded.duplicate());
    }
  }

  private static int crc(FileChannel file, long start, long length) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer part = ByteBuffer.allocate(1 << 16);
    for (long at = 0; at < length; at += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), length - at));
      for (long read = start + at; part.hasRemaining(); read += file.read(part, read)) {
        // A read may give less than asked for.
      }
      crc.update(part.flip());
    }
    return (int) crc.getValue();
  }

  /** The directory was checked when the archive was opened. */
  private static long directoryEntry(FileChannel file, long header) throws IOException {
    long at = ZipEnd.of(file, true).start();
    while (true) {
      ByteBuffer fixed = ZipFields.read(file, at, DIRECTORY_FIXED);
      if (Integer.toUnsignedLong(fixed.getInt(DIRECTORY_HEADER_AT)) == header) {
        return at;
      }
      for (int i = 0; i < 3; i++) {
        at += fixed.getShort(DIRECTORY_LENGTHS_AT + 2 * i) & 0xFFFF;
      }
      at += DIRECTORY_FIXED;
    }
  }

  private static void write(FileChannel file, long position, ByteBuffer bytes) throws IOException {
    for (long at = position; bytes.hasRemaining(); ) {
      at += file.write(bytes, at);
    }
  }
}
