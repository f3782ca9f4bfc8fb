package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Parses the structure of a zip file by the <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">.ZIP specification</a>, and
 * only of the plainest kind: local entries back to back from byte 0, the central directory, its end
 * record, nothing before, between or after. Then the view of a streaming reader and that of the
 * directory are the same.
 */
final class ZipStructure {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int DIRECTORY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
  private static final int DESCRIPTOR_BYTES = 12;

  /** The largest directory of {@code n} entries: fixed part, name, extra field, comment. */
  private static final long LARGEST_DIRECTORY_ENTRY = 46 + 3 * 65_535L;

  private static final int ZIP64_COUNT = 0xFFFF;
  private static final long ZIP64_SIZE = 0xFFFF_FFFFL;
  private static final int ZIP64_EXTRA = 0x0001;
  private static final int UNICODE_PATH_EXTRA = 0x7075;

  private final FileChannel file;

  ZipStructure(FileChannel file) {
    this.file = file;
  }

  /**
   * The entries in the directory's order.
   *
   * @throws Refusal when the file is not such a zip file, or has more than {@code mostEntries}
   */
  List<ArchiveEntry> entries(int mostEntries) throws IOException {
    try {
      ByteBuffer end = read(file.size() - END_BYTES, END_BYTES);
      require(end.getInt() == END_SIGNATURE, "it has no end record: truncated, or not a zip file");
      require(end.getInt() == 0, "it spans several disks");
      int count = u16(end);
      require(count == u16(end), "its entry counts disagree");
      long size = u32(end);
      long start = u32(end);
      require(count != ZIP64_COUNT && start != ZIP64_SIZE, "it uses zip64");
      if (count > mostEntries) {
        throw new Refusal(
            ARCHIVE_BOMB, "the archive has " + count + " entries, at most " + mostEntries);
      }
      require(size <= count * LARGEST_DIRECTORY_ENTRY, "its directory has an impossible size");
      require(start + size + END_BYTES == file.size(), "bytes lie outside its parts");
      List<ArchiveEntry> entries = directory(read(start, (int) size), count);
      requireContiguous(entries, start);
      return entries;
    } catch (BufferUnderflowException e) {
      throw new Refusal(ARCHIVE_MALFORMED, "the archive ends too early: upload it again", e);
    }
  }

  /** Offset of an entry's data. */
  long dataOf(ArchiveEntry entry) throws IOException {
    ByteBuffer lengths = read(entry.header() + LOCAL_BYTES - 4, 4);
    return entry.header() + LOCAL_BYTES + u16(lengths) + u16(lengths);
  }

  private static List<ArchiveEntry> directory(ByteBuffer bytes, int count) {
    List<ArchiveEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      require(bytes.getInt() == DIRECTORY_SIGNATURE, "its directory is damaged");
      bytes.getInt();
      int flags = u16(bytes);
      int method = u16(bytes);
      bytes.getInt();
      long crc = u32(bytes);
      long compressed = u32(bytes);
      long inflated = u32(bytes);
      int nameLength = u16(bytes);
      int extraLength = u16(bytes);
      int commentLength = u16(bytes);
      require(u16(bytes) == 0, "it spans several disks");
      bytes.getShort();
      long attributes = u32(bytes);
      long header = u32(bytes);
      String name = text(bytes, nameLength);
      requirePlainExtra(bytes, extraLength);
      text(bytes, commentLength);
      require(
          compressed != ZIP64_SIZE && inflated != ZIP64_SIZE && header != ZIP64_SIZE,
          "it uses zip64");
      entries.add(
          new ArchiveEntry(name, flags, method, crc, compressed, inflated, attributes, header));
    }
    require(!bytes.hasRemaining(), "its directory holds more than its entries");
    return entries;
  }

  private void requireContiguous(List<ArchiveEntry> entries, long directory) throws IOException {
    long expected = 0;
    for (ArchiveEntry entry :
        entries.stream().sorted(Comparator.comparingLong(ArchiveEntry::header)).toList()) {
      require(entry.header() == expected, "bytes lie outside its entries, or entries overlap");
      requireSameHeader(entry);
      expected = dataOf(entry) + entry.compressed();
      if (entry.hasDescriptor()) {
        expected = endOfDescriptor(entry, expected);
      }
    }
    require(expected == directory, "bytes lie between its entries and its directory");
  }

  private void requireSameHeader(ArchiveEntry entry) throws IOException {
    ByteBuffer local = read(entry.header(), LOCAL_BYTES);
    require(local.getInt() == LOCAL_SIGNATURE, "an entry has no local header");
    local.getShort();
    boolean same = u16(local) == entry.flags() && u16(local) == entry.method();
    local.getInt();
    for (long expected : new long[] {entry.crc(), entry.compressed(), entry.inflated()}) {
      long found = u32(local);
      same &= found == expected || (entry.hasDescriptor() && found == 0);
    }
    int nameLength = u16(local);
    int extraLength = u16(local);
    ByteBuffer rest = read(entry.header() + LOCAL_BYTES, nameLength + extraLength);
    same &= text(rest, nameLength).equals(entry.name());
    require(same, "the local header of an entry contradicts the directory");
    requirePlainExtra(rest, extraLength);
  }

  /** The signature of a descriptor is optional; without it the CRC comes first. */
  private long endOfDescriptor(ArchiveEntry entry, long start) throws IOException {
    boolean signed = read(start, 4).getInt() == DESCRIPTOR_SIGNATURE;
    long fields = signed ? start + 4 : start;
    ByteBuffer descriptor = read(fields, DESCRIPTOR_BYTES);
    require(
        u32(descriptor) == entry.crc()
            && u32(descriptor) == entry.compressed()
            && u32(descriptor) == entry.inflated(),
        "the descriptor of an entry contradicts the directory");
    return fields + DESCRIPTOR_BYTES;
  }

  /** Extra fields may hold times, but nothing that renames or resizes the entry. */
  private static void requirePlainExtra(ByteBuffer bytes, int length) {
    int end = bytes.position() + length;
    while (bytes.position() < end) {
      int id = u16(bytes);
      require(id != ZIP64_EXTRA && id != UNICODE_PATH_EXTRA, "it uses zip64 or a second name");
      text(bytes, u16(bytes));
    }
    require(bytes.position() == end, "an extra field is damaged");
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = offset; bytes.hasRemaining(); ) {
      int count = at < 0 ? -1 : file.read(bytes, at);
      require(count >= 0, "it ends too early, or is not a zip file: upload it again");
      at += count;
    }
    return bytes.flip();
  }

  private static int u16(ByteBuffer bytes) {
    return Short.toUnsignedInt(bytes.getShort());
  }

  private static long u32(ByteBuffer bytes) {
    return Integer.toUnsignedLong(bytes.getInt());
  }

  private static String text(ByteBuffer bytes, int length) {
    if (length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Refusal(ARCHIVE_MALFORMED, "the archive cannot be trusted: " + otherwise);
    }
  }
}
