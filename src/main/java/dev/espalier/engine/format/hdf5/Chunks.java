package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The chunks of a dataset, found by a version 1 B-tree. */
final class Chunks {
  private static final int DEEPEST = 16;
  private static final int HEAD = 24;

  private final Space space;
  private final Hdf5Dataset.Header header;
  private final Layout.Chunked layout;
  private final List<Chunk> chunks = new ArrayList<>();
  private final Set<Long> nodes = new HashSet<>();

  /** A stored chunk: where it lies, its stored size, filters not applied, its first element. */
  private record Chunk(long address, long stored, int skipped, List<Long> offset) {}

  Chunks(Space space, Hdf5Dataset.Header header, Layout.Chunked layout) throws IOException {
    this.space = space;
    this.header = header;
    this.layout = layout;
    if (layout.index() != Space.UNDEFINED) {
      node(layout.index(), DEEPEST);
    }
  }

  private int rank() {
    return layout.chunk().size();
  }

  private void node(long address, int depth) throws IOException {
    Malformed.require(depth > 0 && nodes.add(address), "a chunk index is no tree");
    ByteBuffer head = space.read(address, HEAD, "TREE", "a chunk index");
    Malformed.require(head.get() == 1, "a chunk index is of another kind");
    int level = head.get() & 0xFF;
    int entries = head.getShort() & 0xFFFF;
    int key = 8 + (rank() + 1) * Long.BYTES;
    ByteBuffer body =
        space.read(address + HEAD, (long) entries * (key + Long.BYTES), "a chunk index");
    for (int i = 0; i < entries; i++) {
      long stored = Integer.toUnsignedLong(body.getInt());
      int skipped = body.getInt();
      List<Long> offset = new ArrayList<>(rank());
      for (int axis = 0; axis < rank(); axis++) {
        offset.add(body.getLong());
      }
      body.getLong();
      long child = body.getLong();
      if (level > 0) {
        node(child, Math.min(depth - 1, level));
      } else {
        space.requireWithin(child, stored, "a chunk");
        chunks.add(new Chunk(child, stored, skipped, List.copyOf(offset)));
      }
    }
  }

  /**
   * Bytes that all chunks take in the file.
   *
   * @throws Refusal when one of them would inflate too much
   */
  long storedBytes(FormatLimits limits) {
    long total = 0;
    long size = chunkBytes();
    for (Chunk chunk : chunks) {
      if (size > limits.archive().ratioFromBytes()
          && size / limits.archive().ratio() > chunk.stored()) {
        throw new Refusal(
            ARCHIVE_BOMB,
            "a chunk of the HDF5 file would inflate from %,d to %,d bytes"
                .formatted(chunk.stored(), size));
      }
      total += chunk.stored();
    }
    return total;
  }

  private long chunkBytes() {
    long bytes = new Dataspace(layout.chunk(), List.of(), false).bytes(header.type());
    Malformed.require(bytes <= Integer.MAX_VALUE - 64, "chunks exceed 2 GiB");
    return bytes;
  }

  /** Puts all elements where they belong; those of absent chunks stay as they are. */
  void read(ByteBuffer target) throws IOException {
    int size = (int) chunkBytes();
    long covered = 0;
    for (Chunk chunk : chunks) {
      ByteBuffer stored = ByteBuffer.allocate((int) Math.min(chunk.stored(), Integer.MAX_VALUE));
      space.data(chunk.address(), stored, "a chunk");
      byte[] elements = Pipeline.decode(stored.array(), header.filters(), chunk.skipped(), size);
      covered += copy(ByteBuffer.wrap(elements), target, chunk.offset());
    }
    Malformed.require(
        covered == header.shape().elements(), "chunks of a dataset are missing or overlap");
  }

  /** Copies a chunk row by row, without what lies over the dataset's edge. */
  private long copy(ByteBuffer chunk, ByteBuffer target, List<Long> offset) {
    int width = (int) header.type().size();
    long[] start = offset.stream().mapToLong(Long::longValue).toArray();
    return new Box(header.shape().dimensions(), layout.chunk(), start)
        .rows(
            (inDataset, inChunk, length) ->
                target.put(
                    (int) (inDataset * width),
                    chunk,
                    (int) (inChunk * width),
                    (int) (length * width)));
  }
}
