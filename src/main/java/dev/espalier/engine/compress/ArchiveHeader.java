package dev.espalier.engine.compress;

import static dev.espalier.contract.ReasonCode.FORMAT_UNKNOWN;
import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;

import dev.espalier.contract.Refusal;
import dev.espalier.contract.Sha256;
import dev.espalier.engine.compress.Section.Chunks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What an archive says about the file it holds.
 *
 * @param length of the file in bytes
 * @param sha256 of the file
 * @param ranges ascending
 */
record ArchiveHeader(long length, Sha256 sha256, List<ElementRange> ranges) {
  private static final Set<Integer> WIDTHS = Set.of(1, 2, 4, 8);
  private static final int DIGEST = 32;
  private static final int MOST_NAME_BYTES = 1 << 12;
  private static final int LEAST_RANGE_BYTES = Long.BYTES + 4 * Integer.BYTES;
  private static final int MOST_RANGE_BYTES = 1 << 24;

  ArchiveHeader {
    ranges = List.copyOf(ranges);
  }

  Chunks encode() {
    Chunks out = new Chunks();
    out.put(SparseArchive.MAGIC, SparseArchive.MAGIC.length);
    out.putInt(SparseArchive.VERSION);
    out.putLong(length);
    out.put(HexFormat.of().parseHex(sha256.hex()), DIGEST);
    Chunks table = new Chunks();
    table.putInt(ranges.size());
    for (ElementRange range : ranges) {
      byte[] name = range.name().getBytes(StandardCharsets.UTF_8);
      table.putLong(range.offset());
      table.putInt(range.elements());
      table.putInt(range.width());
      table.putInt(range.bigEndian() ? 1 : 0);
      int length = Math.min(name.length, MOST_NAME_BYTES);
      table.putInt(length);
      table.put(name, length);
    }
    byte[] bytes = table.toBytes();
    out.putInt(bytes.length);
    Section.write(bytes, bytes.length, out);
    return out;
  }

  /**
   * Reads a header.
   *
   * @throws Refusal {@code format-unknown}, {@code format-unsupported-version} or {@code
   *     archive-malformed}
   */
  static ArchiveHeader decode(ByteBuffer in) {
    byte[] magic = bytes(in, Math.min(in.remaining(), SparseArchive.MAGIC.length));
    if (!Arrays.equals(magic, SparseArchive.MAGIC)) {
      throw new Refusal(FORMAT_UNKNOWN, "the file is not a sparse archive");
    }
    int version = Section.readInt(in);
    if (version != SparseArchive.VERSION) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "the sparse archive has version %d, read is %d: use the release that wrote it"
              .formatted(version, SparseArchive.VERSION));
    }
    long length = Section.readLong(in);
    Sha256 sha256 = new Sha256(HexFormat.of().formatHex(bytes(in, DIGEST)));
    ArchiveHeader header = new ArchiveHeader(length, sha256, ranges(in));
    header.requireSound();
    return header;
  }

  private static List<ElementRange> ranges(ByteBuffer in) {
    int size = Section.readInt(in);
    if (size < 0 || size > MOST_RANGE_BYTES) {
      throw Section.malformed("a table of %d bytes".formatted(size));
    }
    ByteBuffer table = ByteBuffer.wrap(Section.read(in, size)).order(ByteOrder.LITTLE_ENDIAN);
    int count = Section.readInt(table);
    if (count < 0 || count > table.remaining() / LEAST_RANGE_BYTES) {
      throw Section.malformed("it is said to have %d ranges".formatted(count));
    }
    List<ElementRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long offset = Section.readLong(table);
      long elements = Section.readInt(table);
      int width = Section.readInt(table);
      boolean bigEndian = Section.readInt(table) == 1;
      int nameLength = Section.readInt(table);
      if (nameLength < 0 || nameLength > MOST_NAME_BYTES) {
        throw Section.malformed("a name of %d bytes".formatted(nameLength));
      }
      String name = new String(bytes(table, nameLength), StandardCharsets.UTF_8);
      ranges.add(new ElementRange(name, offset, width, bigEndian, List.of(elements)));
    }
    return ranges;
  }

  /** Requires ranges to be ascending, apart and within the file. */
  void requireSound() {
    long at = 0;
    for (ElementRange range : ranges) {
      boolean sound =
          WIDTHS.contains(range.width())
              && range.elements() >= 0
              && range.offset() >= at
              && range.bytes() <= Integer.MAX_VALUE
              && range.offset() <= length - range.bytes();
      if (!sound) {
        throw Section.malformed("'%s' lies outside the file or another".formatted(range.name()));
      }
      at = range.end();
    }
    if (length < 0) {
      throw Section.malformed("a file of %d bytes".formatted(length));
    }
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    if (in.remaining() < count) {
      throw Section.malformed("it ends early");
    }
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }
}
