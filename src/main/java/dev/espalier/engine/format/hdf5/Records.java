package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The records of a version 2 B-tree, in its order. */
final class Records {
  private static final int HEADER = 38;
  private static final int PREFIX = 10;
  private static final int DEEPEST = 16;

  private final Space space;
  private final int nodeSize;
  private final int recordSize;
  private final int[] countBytes;
  private final int[] totalBytes;
  private final List<ByteBuffer> records = new ArrayList<>();

  private Records(Space space, int nodeSize, int recordSize, int depth) {
    this.space = space;
    this.nodeSize = nodeSize;
    this.recordSize = recordSize;
    this.countBytes = new int[depth + 1];
    this.totalBytes = new int[depth + 1];
    long most = ((long) nodeSize - PREFIX) / recordSize;
    long total = most;
    for (int level = 1; level <= depth; level++) {
      countBytes[level] = Encoded.bytesFor((nodeSize - PREFIX) / recordSize);
      totalBytes[level] = level == 1 ? 0 : Encoded.bytesFor(total);
      int pointer = Long.BYTES + countBytes[level] + totalBytes[level];
      most = ((long) nodeSize - PREFIX - pointer) / (recordSize + pointer);
      Malformed.require(most > 0, "a B-tree's nodes are too small");
      total = Math.min(1L << 40, (most + 1) * total + most);
    }
  }

  /** All records of the tree at an address. */
  static List<ByteBuffer> read(Space space, long address) throws IOException {
    space.visit(address, "a B-tree");
    ByteBuffer header = space.read(address, HEADER, "BTHD", "a B-tree");
    header.getShort();
    int nodeSize = header.getInt();
    int recordSize = header.getShort() & 0xFFFF;
    int depth = header.getShort() & 0xFFFF;
    header.getShort();
    long root = header.getLong();
    int count = header.getShort() & 0xFFFF;
    Malformed.require(
        nodeSize > PREFIX && recordSize > 0 && recordSize <= nodeSize && depth < DEEPEST,
        "a B-tree's measures are impossible");
    if (root == Space.UNDEFINED) {
      return List.of();
    }
    Records tree = new Records(space, nodeSize, recordSize, depth);
    tree.node(root, count, depth);
    return tree.records;
  }

  private void node(long address, int count, int level) throws IOException {
    space.visit(address, "a node of a B-tree");
    String signature = level == 0 ? "BTLF" : "BTIN";
    ByteBuffer node = space.read(address, nodeSize, signature, "a node of a B-tree");
    node.getShort();
    List<ByteBuffer> own = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      own.add(space.copy(node, recordSize));
    }
    if (level == 0) {
      records.addAll(own);
      return;
    }
    for (int i = 0; i <= count; i++) {
      long child = node.getLong();
      int size = (int) Encoded.unsigned(node, countBytes[level]);
      Encoded.unsigned(node, totalBytes[level]);
      node(child, size, level - 1);
      if (i < count) {
        records.add(own.get(i));
      }
    }
  }
}
