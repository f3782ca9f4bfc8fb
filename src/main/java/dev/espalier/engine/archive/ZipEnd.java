package dev.espalier.engine.archive;

import static dev.espalier.engine.archive.ZipFields.require;
import static dev.espalier.engine.archive.ZipFields.u16;
import static dev.espalier.engine.archive.ZipFields.u32;
import static dev.espalier.engine.archive.ZipFields.u64;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Where the central directory lies, as the records at the very end of the file say (.ZIP
 * specification, 4.3.14 to 4.3.16). There is no comment: it could hold a second end.
 *
 * @param entries number of entries
 * @param start offset of the directory
 * @param size bytes of the directory
 */
record ZipEnd(long entries, long start, long size) {
  private static final int SIGNATURE = 0x06054b50;
  private static final int BYTES = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;

  /** What the size field of a 64-bit end record counts: all that follows it. */
  private static final int END64_REST = END64_BYTES - 12;

  private static final int COUNT64 = 0xFFFF;
  private static final long SIZE64 = 0xFFFF_FFFFL;

  static ZipEnd of(FileChannel file, boolean zip64) throws IOException {
    ByteBuffer end = ZipFields.read(file, file.size() - BYTES, BYTES);
    require(end.getInt() == SIGNATURE, "it has no end record: truncated, or not a zip file");
    require(end.getInt() == 0, "it spans several disks");
    int count = u16(end);
    require(count == u16(end), "its entry counts disagree");
    long size = u32(end);
    long start = u32(end);
    long last = file.size() - BYTES;
    boolean saturated = count == COUNT64 || size == SIZE64 || start == SIZE64;
    ZipEnd found = new ZipEnd(count, start, size);
    if (saturated) {
      require(zip64, "it uses zip64");
      found = found.wide(file, last - LOCATOR_BYTES);
      last -= LOCATOR_BYTES + END64_BYTES;
    }
    require(found.start <= last && found.size == last - found.start, "bytes lie outside its parts");
    return found;
  }

  private ZipEnd wide(FileChannel file, long locatorAt) throws IOException {
    ByteBuffer locator = ZipFields.read(file, locatorAt, LOCATOR_BYTES);
    boolean plain = locator.getInt() == LOCATOR_SIGNATURE && locator.getInt() == 0;
    long at = u64(locator);
    plain &= locator.getInt() == 1 && at == locatorAt - END64_BYTES;
    require(plain, "its 64-bit end record is not where it belongs");
    ByteBuffer end = ZipFields.read(file, at, END64_BYTES);
    plain = end.getInt() == END64_SIGNATURE && u64(end) == END64_REST;
    end.getInt();
    plain &= end.getLong() == 0;
    long wideEntries = u64(end);
    plain &= wideEntries == u64(end);
    long wideSize = u64(end);
    long wideStart = u64(end);
    require(
        plain
            && agrees(entries, COUNT64, wideEntries)
            && agrees(size, SIZE64, wideSize)
            && agrees(start, SIZE64, wideStart),
        "its two end records contradict each other");
    return new ZipEnd(wideEntries, wideStart, wideSize);
  }

  /** A narrow field holds the number itself, or that it is elsewhere. */
  private static boolean agrees(long narrow, long elsewhere, long wide) {
    return narrow == elsewhere || narrow == wide;
  }
}
