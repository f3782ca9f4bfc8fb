package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The elements of a {@code .npy} array, as they are stored, on their way to {@link Rows}.
 *
 * @param name the array's name, for messages
 */
record StoredArray(String name, NpyHeader header) {
  private static final int CHUNK = 1 << 16;

  /** Most bytes of a transposed block. */
  private static final int BLOCK = 1 << 25;

  /** Largest direct buffer, less what alignment may take. */
  static final long LARGEST = Integer.MAX_VALUE - Long.BYTES * 8L;

  private long[] shape() {
    return header.shape().stream().mapToLong(Long::longValue).toArray();
  }

  private boolean isColumnMajor() {
    return header.fortran() && header.shape().size() > 1;
  }

  /** Reads the elements that follow the header, which must end the stream, into memory. */
  Rows toMemory(InputStream in) throws IOException {
    ByteBuffer stored = direct(header.elementBytes(name));
    byte[] chunk = new byte[CHUNK];
    while (stored.hasRemaining()) {
      int count = in.readNBytes(chunk, 0, Math.min(CHUNK, stored.remaining()));
      if (count == 0) {
        throw new EOFException("array '" + name + "' ends " + stored.remaining() + " bytes early");
      }
      stored.put(chunk, 0, count);
    }
    requireEnd(in);
    stored.clear();
    if (header.bigEndian()) {
      reverse(stored, stored.capacity());
    }
    if (isColumnMajor()) {
      ByteBuffer ordered = direct(stored.capacity());
      scatter(stored, ordered, rows());
      return Rows.inMemory(header.type(), ordered, shape());
    }
    return Rows.inMemory(header.type(), stored, shape());
  }

  /** Reads the elements to the end and keeps nothing. */
  void skip(InputStream in) throws IOException {
    in.skipNBytes(header.elementBytes(name));
    requireEnd(in);
  }

  /** Copies the elements to a file. */
  void toFile(InputStream in, FileChannel file) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long left = header.elementBytes(name); left > 0; ) {
      int count = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, left));
      if (count == 0) {
        throw new EOFException("array '" + name + "' ends " + left + " bytes early");
      }
      writeFully(file, ByteBuffer.wrap(chunk, 0, count));
      left -= count;
    }
    requireEnd(in);
  }

  private void requireEnd(InputStream in) throws IOException {
    if (in.read() >= 0) {
      throw NpyHeader.malformed(name, "there are bytes after its last element");
    }
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /**
   * Rows read by position.
   *
   * @param file holds the elements from {@code start} on
   * @param scratch for the rows of an array whose first axis runs fastest
   */
  Rows fromFile(FileChannel file, long start, Scratch scratch) throws IOException {
    if (!isColumnMajor()) {
      return fromRows(file, start);
    }
    FileChannel ordered = scratch.file(header.elementBytes(name), name);
    transpose(file, start, ordered);
    return fromRows(ordered, 0);
  }

  private Rows fromRows(FileChannel file, long start) {
    long rowBytes = rowBytes();
    ByteBuffer row = direct(rowBytes);
    return Rows.loaded(
        header.type(),
        row,
        index -> {
          try {
            Scratch.readFully(file, start + index * rowBytes, row.clear());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          if (header.bigEndian()) {
            reverse(row, row.capacity());
          }
          return 0;
        },
        shape());
  }

  private void transpose(FileChannel from, long start, FileChannel to) throws IOException {
    int width = header.type().bytes();
    int rowElements = Math.toIntExact(rowBytes() / width);
    long rows = rows();
    int block = (int) Math.max(1, Math.min(rows, BLOCK / rowBytes()));
    for (long first = 0; first < rows; first += block) {
      int count = (int) Math.min(block, rows - first);
      ByteBuffer columns = direct((long) count * rowBytes());
      for (int column = 0; column < rowElements; column++) {
        columns.limit((column + 1) * count * width);
        Scratch.readFully(from, start + (column * rows + first) * width, columns);
      }
      ByteBuffer ordered = direct((long) count * rowBytes());
      scatter(columns.clear(), ordered, count);
      writeFully(to, ordered);
    }
  }

  /**
   * Reorders {@code rows} rows whose first axis runs fastest: column by column of the source, each
   * to its place in every row.
   */
  private void scatter(ByteBuffer columns, ByteBuffer ordered, long rows) {
    int width = header.type().bytes();
    long[] inner = Arrays.copyOfRange(shape(), 1, header.shape().size());
    int rowBytes = Math.toIntExact(rowBytes());
    int[] index = new int[inner.length];
    int source = 0;
    for (int column = 0; column < rowBytes / width; column++) {
      int place = 0;
      for (int axis = 0; axis < inner.length; axis++) {
        place = Math.toIntExact(place * inner[axis] + index[axis]);
      }
      for (int row = 0; row < rows; row++) {
        int target = row * rowBytes + place * width;
        for (int b = 0; b < width; b++) {
          ordered.put(target + b, columns.get(source++));
        }
      }
      for (int axis = 0; axis < inner.length && ++index[axis] == inner[axis]; axis++) {
        index[axis] = 0;
      }
    }
  }

  private long rows() {
    return header.shape().get(0);
  }

  private long rowBytes() {
    return header.rowBytes(name);
  }

  private void reverse(ByteBuffer bytes, int length) {
    int width = header.type().bytes();
    for (int start = 0; start < length; start += width) {
      for (int low = start, high = start + width - 1; low < high; low++, high--) {
        byte swapped = bytes.get(low);
        bytes.put(low, bytes.get(high));
        bytes.put(high, swapped);
      }
    }
  }

  private ByteBuffer direct(long bytes) {
    if (bytes > LARGEST) {
      throw new Refusal(
          ReasonCode.DOES_NOT_FIT, "array '%s' has rows of %,d bytes".formatted(name, bytes));
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
