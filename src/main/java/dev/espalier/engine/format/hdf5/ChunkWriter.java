package dev.espalier.engine.format.hdf5;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes the elements of a dataset in chunks, through its filters, with a B-tree of one node. */
final class ChunkWriter {
  /** Children of a node: twice the 32 that superblock 0 implies. */
  private static final int MOST = 64;

  private ChunkWriter() {}

  /**
   * Writes all chunks; returns the layout message. Chunks keep their shape as long as a dataset has
   * no more than 64 of them, else they grow.
   */
  static HeaderMessage write(
      Output out,
      ByteBuffer elements,
      Dataspace shape,
      Hdf5Dataset.Header header,
      Layout.Chunked layout)
      throws IOException {
    List<Long> chunk = chunk(shape, layout.chunk());
    int width = (int) header.type().size();
    int rank = chunk.size();
    int key = 8 + (rank + 1) * Long.BYTES;
    ByteBuffer node =
        ByteBuffer.allocate(24 + MOST * (key + Long.BYTES) + key).order(LITTLE_ENDIAN);
    node.put(new byte[] {'T', 'R', 'E', 'E', 1, 0}).putShort((short) count(shape, chunk));
    node.putLong(Space.UNDEFINED).putLong(Space.UNDEFINED);
    long[] offset = new long[rank];
    long[] end = new long[rank];
    boolean isLast = false;
    while (!isLast) {
      end[0] = offset[0] + chunk.get(0);
      byte[] stored = Pipeline.encode(cut(elements, shape, chunk, width, offset), header.filters());
      long address = out.append(ByteBuffer.wrap(stored));
      key(node, stored.length, offset);
      node.putLong(address);
      isLast = !advance(offset, shape, chunk);
    }
    // The library finds a chunk only between the key before and the key after it.
    key(node, 0, end);
    long index = out.append(node.clear());
    ByteBuffer message = ByteBuffer.allocate(11 + (rank + 1) * Integer.BYTES).order(LITTLE_ENDIAN);
    message.put((byte) 3).put((byte) 2).put((byte) (rank + 1)).putLong(index);
    chunk.forEach(size -> message.putInt(size.intValue()));
    message.putInt(width);
    return new HeaderMessage(ObjectHeader.LAYOUT, message.flip());
  }

  private static void key(ByteBuffer node, int stored, long... offset) {
    node.putInt(stored).putInt(0);
    for (long start : offset) {
      node.putLong(start);
    }
    node.putLong(0);
  }

  private static boolean advance(long[] offset, Dataspace shape, List<Long> chunk) {
    for (int axis = offset.length - 1; axis >= 0; axis--) {
      offset[axis] += chunk.get(axis);
      if (offset[axis] < shape.dimensions().get(axis)) {
        return true;
      }
      offset[axis] = 0;
    }
    return false;
  }

  /** Chunks within the dataset, doubled along the axis with most of them until few enough. */
  private static List<Long> chunk(Dataspace shape, List<Long> before) {
    List<Long> chunk = new ArrayList<>();
    for (int axis = 0; axis < before.size(); axis++) {
      chunk.add(Math.min(before.get(axis), shape.dimensions().get(axis)));
    }
    while (count(shape, chunk) > MOST) {
      int most = 0;
      for (int axis = 1; axis < chunk.size(); axis++) {
        most = along(shape, chunk, axis) > along(shape, chunk, most) ? axis : most;
      }
      chunk.set(most, Math.min(2 * chunk.get(most), shape.dimensions().get(most)));
    }
    return chunk;
  }

  private static long along(Dataspace shape, List<Long> chunk, int axis) {
    return (shape.dimensions().get(axis) + chunk.get(axis) - 1) / chunk.get(axis);
  }

  private static long count(Dataspace shape, List<Long> chunk) {
    long count = 1;
    for (int axis = 0; axis < chunk.size(); axis++) {
      count *= along(shape, chunk, axis);
    }
    return count;
  }

  /** The elements of a chunk; zeros where it reaches over the dataset's edge. */
  private static byte[] cut(
      ByteBuffer elements, Dataspace shape, List<Long> chunk, int width, long... offset) {
    long size = width;
    for (long extent : chunk) {
      size *= extent;
    }
    ByteBuffer out = ByteBuffer.allocate((int) size);
    new Box(shape.dimensions(), chunk, offset)
        .rows(
            (inDataset, inChunk, length) ->
                out.put(
                    (int) (inChunk * width),
                    elements,
                    (int) (inDataset * width),
                    (int) (length * width)));
    return out.array();
  }
}
