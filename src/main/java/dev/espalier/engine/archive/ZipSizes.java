package dev.espalier.engine.archive;

import static dev.espalier.engine.archive.ZipFields.require;
import static dev.espalier.engine.archive.ZipFields.u16;
import static dev.espalier.engine.archive.ZipFields.u64;

import java.nio.ByteBuffer;

/**
 * Sizes and offset of an entry, as a header's 32-bit fields and its extra fields say together (.ZIP
 * specification, 4.5.3): a field of all ones stands for the next number of the 64-bit extra field.
 *
 * @param inflated bytes after inflation
 * @param compressed bytes in the file
 * @param header offset of the local header
 * @param wide whether there is a 64-bit extra field
 */
record ZipSizes(long inflated, long compressed, long header, boolean wide) {
  private static final long ELSEWHERE = 0xFFFF_FFFFL;
  private static final int WIDE_EXTRA = 0x0001;
  private static final int UNICODE_PATH_EXTRA = 0x7075;

  /** Of a header of the central directory, which writes only the numbers that need it. */
  static ZipSizes ofDirectory(ZipSizes narrow, ByteBuffer extra, boolean zip64) {
    ByteBuffer wide = wideExtra(extra, zip64);
    if (wide == null) {
      require(
          narrow.inflated != ELSEWHERE
              && narrow.compressed != ELSEWHERE
              && narrow.header != ELSEWHERE,
          "it uses zip64");
      return narrow;
    }
    long inflated = narrow.inflated == ELSEWHERE ? u64(wide) : narrow.inflated;
    long compressed = narrow.compressed == ELSEWHERE ? u64(wide) : narrow.compressed;
    long header = narrow.header == ELSEWHERE ? u64(wide) : narrow.header;
    require(!wide.hasRemaining(), "a 64-bit extra field holds more than is missing");
    return new ZipSizes(inflated, compressed, header, true);
  }

  /** Of a local header, which writes both sizes or none. */
  static ZipSizes ofLocal(ZipSizes narrow, ByteBuffer extra, boolean zip64) {
    ByteBuffer wide = wideExtra(extra, zip64);
    if (wide == null) {
      return narrow;
    }
    long inflated = u64(wide);
    long compressed = u64(wide);
    require(
        !wide.hasRemaining()
            && (narrow.inflated == ELSEWHERE || narrow.inflated == inflated)
            && (narrow.compressed == ELSEWHERE || narrow.compressed == compressed),
        "the sizes of a local header contradict each other");
    return new ZipSizes(inflated, compressed, narrow.header, true);
  }

  /** Extra fields may hold times, but nothing that renames the entry, or resizes it twice. */
  private static @org.jspecify.annotations.Nullable ByteBuffer wideExtra(
      ByteBuffer extra, boolean zip64) {
    ByteBuffer wide = null;
    while (extra.hasRemaining()) {
      int id = u16(extra);
      require(id != UNICODE_PATH_EXTRA, "an entry has a second name");
      ByteBuffer content = ZipFields.slice(extra, u16(extra));
      if (id == WIDE_EXTRA) {
        require(zip64, "it uses zip64");
        require(wide == null, "an entry has two 64-bit extra fields");
        wide = content;
      }
    }
    return wide;
  }
}
