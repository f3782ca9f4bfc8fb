package dev.espalier.engine.archive;

/**
 * An entry of the central directory.
 *
 * @param name its name
 * @param flags general purpose bits
 * @param method 0 stored or 8 deflated
 * @param crc CRC-32 of the inflated bytes
 * @param compressed bytes in the file
 * @param inflated bytes after inflation
 * @param attributes external attributes; Unix mode in the upper half
 * @param header offset of the local header
 */
record ArchiveEntry(
    String name,
    int flags,
    int method,
    long crc,
    long compressed,
    long inflated,
    long attributes,
    long header) {

  private static final int LONGEST_SHOWN = 100;

  static final int STORED = 0;
  static final int DEFLATED = 8;

  private static final int DESCRIPTOR_FLAG = 1 << 3;
  private static final int ENCRYPTION_FLAGS = 1 | 1 << 6 | 1 << 13;
  private static final int FILE_TYPE = 0xF000;
  private static final int REGULAR_FILE = 0x8000;

  /** Its name, cut to what fits a message. */
  String shortName() {
    return name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "..." : name;
  }

  /** Whether sizes follow the data instead of standing before it. */
  boolean hasDescriptor() {
    return (flags & DESCRIPTOR_FLAG) != 0;
  }

  /** Whether any kind of encryption is in use. */
  boolean isEncrypted() {
    return (flags & ENCRYPTION_FLAGS) != 0;
  }

  /** Whether it is a plain file, not a link or a device; tools without Unix modes leave 0. */
  boolean isRegularFile() {
    int type = (int) (attributes >>> 16) & FILE_TYPE;
    return type == 0 || type == REGULAR_FILE;
  }
}
