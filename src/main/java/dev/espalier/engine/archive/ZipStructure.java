package dev.espalier.engine.archive;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;
import static dev.espalier.engine.archive.ZipFields.require;
import static dev.espalier.engine.archive.ZipFields.slice;
import static dev.espalier.engine.archive.ZipFields.u16;
import static dev.espalier.engine.archive.ZipFields.u32;
import static dev.espalier.engine.archive.ZipFields.u64;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Parses the structure of a zip file by the <a
 * href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">.ZIP specification</a>, and
 * only of the plainest kind: local entries back to back from byte 0, the central directory, its end
 * records, nothing before, between or after. Then the view of a streaming reader and that of the
 * directory are the same.
 */
final class ZipStructure {
  private static final int DIRECTORY_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;

  /** Names, extra fields and comments of what is meant to hold a model or arrays are short. */
  private static final long LARGEST_DIRECTORY = 4 << 20;

  private final FileChannel file;
  private final boolean zip64;

  ZipStructure(FileChannel file, boolean zip64) {
    this.file = file;
    this.zip64 = zip64;
  }

  /**
   * The entries in the directory's order.
   *
   * @throws Refusal when the file is not such a zip file, or has more than {@code mostEntries}
   */
  List<ArchiveEntry> entries(int mostEntries) throws IOException {
    try {
      ZipEnd end = ZipEnd.of(file, zip64);
      if (end.entries() > mostEntries || end.size() > LARGEST_DIRECTORY) {
        throw new Refusal(
            ARCHIVE_BOMB,
            "the archive has %,d entries, listed in %,d bytes; at most %,d in %,d"
                .formatted(end.entries(), end.size(), mostEntries, LARGEST_DIRECTORY));
      }
      List<ArchiveEntry> entries =
          directory(
              ZipFields.read(file, end.start(), (int) end.size()), Math.toIntExact(end.entries()));
      requireContiguous(entries, end.start());
      return entries;
    } catch (BufferUnderflowException e) {
      throw new Refusal(ARCHIVE_MALFORMED, "the archive ends too early: upload it again", e);
    }
  }

  /** Offset of an entry's data. */
  long dataOf(ArchiveEntry entry) throws IOException {
    ByteBuffer lengths = ZipFields.read(file, entry.header() + LOCAL_BYTES - 4, 4);
    return entry.header() + LOCAL_BYTES + u16(lengths) + u16(lengths);
  }

  private List<ArchiveEntry> directory(ByteBuffer bytes, int count) {
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
      String name = ZipFields.name(bytes, nameLength, flags);
      ZipSizes sizes =
          ZipSizes.ofDirectory(
              new ZipSizes(inflated, compressed, header, false), slice(bytes, extraLength), zip64);
      slice(bytes, commentLength);
      entries.add(
          new ArchiveEntry(
              name,
              flags,
              method,
              crc,
              sizes.compressed(),
              sizes.inflated(),
              attributes,
              sizes.header()));
    }
    require(!bytes.hasRemaining(), "its directory holds more than its entries");
    return entries;
  }

  private void requireContiguous(List<ArchiveEntry> entries, long directory) throws IOException {
    long expected = 0;
    for (ArchiveEntry entry :
        entries.stream().sorted(Comparator.comparingLong(ArchiveEntry::header)).toList()) {
      require(entry.header() == expected, "bytes lie outside its entries, or entries overlap");
      boolean wide = requireSameHeader(entry);
      long data = dataOf(entry);
      require(entry.compressed() <= directory - data, "an entry reaches into the directory");
      expected = data + entry.compressed();
      if (entry.hasDescriptor()) {
        expected = endOfDescriptor(entry, expected, wide);
      }
    }
    require(expected == directory, "bytes lie between its entries and its directory");
  }

  /** Returns whether the local header has a 64-bit extra field. */
  private boolean requireSameHeader(ArchiveEntry entry) throws IOException {
    ByteBuffer local = ZipFields.read(file, entry.header(), LOCAL_BYTES);
    require(local.getInt() == LOCAL_SIGNATURE, "an entry has no local header");
    local.getShort();
    boolean same = u16(local) == entry.flags() && u16(local) == entry.method();
    local.getInt();
    same &= agrees(entry, u32(local), entry.crc());
    long compressed = u32(local);
    long inflated = u32(local);
    int nameLength = u16(local);
    int extraLength = u16(local);
    ByteBuffer rest = ZipFields.read(file, entry.header() + LOCAL_BYTES, nameLength + extraLength);
    same &= ZipFields.name(rest, nameLength, entry.flags()).equals(entry.name());
    ZipSizes sizes =
        ZipSizes.ofLocal(
            new ZipSizes(inflated, compressed, entry.header(), false),
            slice(rest, extraLength),
            zip64);
    same &= agrees(entry, sizes.compressed(), entry.compressed());
    same &= agrees(entry, sizes.inflated(), entry.inflated());
    require(same, "the local header of an entry contradicts the directory");
    return sizes.wide();
  }

  /** What follows in a descriptor may be zero in the local header. */
  private static boolean agrees(ArchiveEntry entry, long found, long expected) {
    return found == expected || (entry.hasDescriptor() && found == 0);
  }

  /** The signature of a descriptor is optional; without it the CRC comes first. */
  private long endOfDescriptor(ArchiveEntry entry, long start, boolean wide) throws IOException {
    boolean signed = ZipFields.read(file, start, 4).getInt() == DESCRIPTOR_SIGNATURE;
    long fields = signed ? start + 4 : start;
    int length = wide ? 20 : 12;
    ByteBuffer descriptor = ZipFields.read(file, fields, length);
    require(
        u32(descriptor) == entry.crc()
            && size(descriptor, wide) == entry.compressed()
            && size(descriptor, wide) == entry.inflated(),
        "the descriptor of an entry contradicts the directory");
    return fields + length;
  }

  private static long size(ByteBuffer descriptor, boolean wide) {
    return wide ? u64(descriptor) : u32(descriptor);
  }
}
