package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads the elements of a {@code .npy} array into a row-major little-endian tensor. */
final class NpyReader {
  private static final int CHUNK = 1 << 16;

  private NpyReader() {}

  /**
   * Reads the elements that follow {@code header}, which must end the stream.
   *
   * @param array the array's name, for messages
   */
  static Tensor read(InputStream in, NpyHeader header, String array) throws IOException {
    long[] shape = header.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor stored = Tensor.zeros(header.type(), shape);
    ByteBuffer bytes = stored.bytes();
    byte[] chunk = new byte[CHUNK];
    while (bytes.hasRemaining()) {
      int count = in.readNBytes(chunk, 0, Math.min(CHUNK, bytes.remaining()));
      if (count == 0) {
        throw new EOFException("array '" + array + "' ends " + bytes.remaining() + " bytes early");
      }
      bytes.put(chunk, 0, count);
    }
    if (in.read() >= 0) {
      throw NpyHeader.malformed(array, "there are bytes after its last element");
    }
    if (header.bigEndian()) {
      reverse(stored.bytes(), header.type().bytes());
    }
    return header.fortran() && shape.length > 1 ? rowMajor(stored, shape) : stored;
  }

  private static void reverse(ByteBuffer bytes, int width) {
    for (int start = 0; start < bytes.capacity(); start += width) {
      for (int low = start, high = start + width - 1; low < high; low++, high--) {
        byte swapped = bytes.get(low);
        bytes.put(low, bytes.get(high));
        bytes.put(high, swapped);
      }
    }
  }

  /** Reorders elements whose first axis runs fastest: walks them in row-major order. */
  private static Tensor rowMajor(Tensor fortran, long... shape) {
    int width = fortran.type().bytes();
    Tensor ordered = Tensor.zeros(fortran.type(), shape);
    ByteBuffer from = fortran.bytes();
    ByteBuffer to = ordered.bytes();
    int[] index = new int[shape.length];
    for (int element = 0; element < ordered.size(); element++) {
      long source = 0;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        source = source * shape[axis] + index[axis];
      }
      for (int b = 0; b < width; b++) {
        to.put(from.get((int) source * width + b));
      }
      increment(index, shape);
    }
    return ordered;
  }

  private static void increment(int[] index, long... shape) {
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) {
        return;
      }
      index[axis] = 0;
    }
  }
}
