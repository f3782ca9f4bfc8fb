package dev.espalier.engine.format.hdf5;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The file's address space, with a budget: every structure is visited once, so that neither cycles
 * nor sharing can make reading endless, and no structure may claim more than the file holds.
 */
final class Space {
  /** The address of what does not exist. */
  static final long UNDEFINED = -1;

  /** Longest single structure; a header of 20,000 links has about 1 MiB. */
  private static final int LONGEST = 1 << 26;

  private final ByteSource source;
  private final long base;
  private final int most;
  private final Set<Long> visited = new HashSet<>();
  private long metadata;

  Space(ByteSource source, long base, FormatLimits limits) {
    this.source = source;
    this.base = base;
    this.most = limits.fields();
  }

  /** Bytes before address 0: the user block. */
  long base() {
    return base;
  }

  /** Bytes from address 0 to the end of the file. */
  long size() {
    return source.size() - base;
  }

  /** Counts a structure that may be visited only once. */
  void visit(long address, String what) {
    Malformed.require(
        visited.add(address) && visited.size() <= most,
        what + " at " + address + " is reached twice, or there are too many");
  }

  /**
   * A structure's bytes, little-endian.
   *
   * @throws dev.espalier.contract.Refusal when they do not lie within the file
   */
  ByteBuffer read(long address, long length, String what) throws IOException {
    requireWithin(address, length, what);
    Malformed.require(length <= LONGEST, what + " claims " + length + " bytes");
    charge(length);
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(LITTLE_ENDIAN);
    source.read(base + address, bytes);
    return bytes.flip();
  }

  /** Counts bytes towards what structures may take in all. */
  void charge(long length) {
    metadata += length;
    Malformed.require(
        metadata <= 4 * source.size() + LONGEST, "its structures are larger than the file");
  }

  /** A structure's bytes after its signature of four letters, which they must start with. */
  ByteBuffer read(long address, long length, String signature, String what) throws IOException {
    ByteBuffer bytes = read(address, length, what);
    byte[] found = new byte[signature.length()];
    bytes.get(found);
    Malformed.require(
        new String(found, ISO_8859_1).equals(signature), what + " at " + address + " is not one");
    return bytes;
  }

  /** Raw data of a dataset into {@code target}, which says how many bytes. */
  void data(long address, ByteBuffer target, String what) throws IOException {
    requireWithin(address, target.remaining(), what);
    source.read(base + address, target);
  }

  /** The next bytes of a structure, as a view. */
  ByteBuffer copy(ByteBuffer bytes, int length) {
    Malformed.require(length <= bytes.remaining(), "a structure is cut off");
    ByteBuffer part = bytes.slice(bytes.position(), length).order(LITTLE_ENDIAN);
    bytes.position(bytes.position() + length);
    return part;
  }

  void requireWithin(long address, long length, String what) {
    Malformed.require(
        address >= 0 && length >= 0 && address <= size() && length <= size() - address,
        what + " lies outside the file");
  }
}
