package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Objects of a fractal heap: the links or attributes of a group that has many. Read are managed and
 * tiny objects; huge and filtered ones do not occur there.
 */
final class FractalHeap {
  private static final int HEADER = 142;
  private static final int TYPE = 0x30;
  private static final int TINY = 0x20;
  private static final int TINY_LENGTH = 0x0F;
  private static final int DEEPEST = 16;

  private final Space space;
  private final int offsetBytes;
  private final int lengthBytes;
  private final int width;
  private final long startBlock;
  private final int directRows;
  private final long root;
  private final int rootRows;

  private FractalHeap(Space space, ByteBuffer header) {
    this.space = space;
    header.get();
    header.getShort();
    Malformed.require(header.getShort() == 0, "a heap is compressed");
    header.get();
    long mostManaged = Integer.toUnsignedLong(header.getInt());
    header.position(header.position() + 12 * Long.BYTES);
    this.width = header.getShort() & 0xFFFF;
    this.startBlock = header.getLong();
    long mostDirect = header.getLong();
    int heapBits = header.getShort() & 0xFFFF;
    header.getShort();
    this.root = header.getLong();
    this.rootRows = header.getShort() & 0xFFFF;
    Malformed.require(
        width > 0
            && Long.bitCount(startBlock) == 1
            && Long.bitCount(mostDirect) == 1
            && mostDirect >= startBlock
            && startBlock > 0
            && mostDirect <= 1L << 32
            && heapBits <= 64
            && rootRows <= 64,
        "a heap's measures are impossible");
    this.offsetBytes = (heapBits + 7) / 8;
    this.lengthBytes =
        Math.min(Encoded.bytesFor(mostDirect), Encoded.bytesFor(Math.max(1, mostManaged)));
    this.directRows =
        Long.numberOfTrailingZeros(mostDirect) - Long.numberOfTrailingZeros(startBlock) + 2;
  }

  static FractalHeap read(Space space, long address) throws IOException {
    space.visit(address, "a heap");
    return new FractalHeap(space, space.read(address, HEADER, "FRHP", "a heap"));
  }

  /** The object with the identifier at the buffer's position. */
  ByteBuffer object(ByteBuffer identifier) throws IOException {
    int kind = identifier.get() & 0xFF;
    if ((kind & TYPE) == TINY) {
      return space.copy(identifier, (kind & TINY_LENGTH) + 1);
    }
    if ((kind & TYPE) != 0) {
      throw Malformed.feature("links or attributes of more than 64 kB");
    }
    long offset = Encoded.unsigned(identifier, offsetBytes);
    long length = Encoded.unsigned(identifier, lengthBytes);
    return object(root, rootRows, offset, length, 0);
  }

  /** {@code rows} is 0 for a direct block. */
  private ByteBuffer object(long block, int rows, long offset, long length, int depth)
      throws IOException {
    Malformed.require(offset >= 0 && depth < DEEPEST, "a heap object lies outside its heap");
    if (rows == 0) {
      return space.read(Math.addExact(block, offset), length, "a heap object");
    }
    long start = 0;
    for (int row = 0; row < rows; row++) {
      long size = blockSize(row);
      long within = offset - start;
      if (within >= 0 && within / width < size) {
        long column = within / size;
        long entry = 4 + 1 + Long.BYTES + offsetBytes + (row * (long) width + column) * Long.BYTES;
        long child = space.read(Math.addExact(block, entry), Long.BYTES, "a heap").getLong();
        return object(child, childRows(row, size), within % size, length, depth + 1);
      }
      start = Math.addExact(start, Math.multiplyExact(size, (long) width));
    }
    throw Malformed.because("a heap object lies outside its heap");
  }

  /** The first two rows have blocks of the starting size, then it doubles. */
  private long blockSize(int row) {
    return Math.multiplyExact(startBlock, 1L << Math.min(62, Math.max(0, row - 1)));
  }

  /** Rows of the indirect block that is a child in a row; its first row has the starting size. */
  private int childRows(int row, long size) {
    if (row < directRows) {
      return 0;
    }
    long firstRow = startBlock * width;
    return Long.numberOfTrailingZeros(size) - Long.numberOfTrailingZeros(firstRow) + 1;
  }
}
