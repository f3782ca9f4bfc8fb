package dev.espalier.engine.format.hdf5;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;

import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a group holds, in all three ways it can be stored: symbol table, link messages, fractal
 * heap.
 *
 * @param links in the order of creation where that is kept, else by name
 * @param ordered whether the order of creation is kept
 */
record Links(List<Link> links, boolean ordered) {
  private static final int HARD = 0;
  private static final int SOFT = 1;
  private static final int SOFT_SYMBOL = 2;
  private static final int SYMBOL = 40;
  private static final int HAS_TYPE = 0x08;
  private static final int HAS_ORDER = 0x04;
  private static final int HAS_CHARSET = 0x10;
  private static final int DEEPEST = 16;

  /** A hard link. */
  record Link(String name, long address, long order) {}

  static Links of(Space space, ObjectHeader header) throws IOException {
    List<Link> links = new ArrayList<>();
    boolean ordered = false;
    Optional<ByteBuffer> table = header.find(ObjectHeader.SYMBOL_TABLE);
    if (table.isPresent()) {
      long tree = table.get().getLong(0);
      LocalHeap heap = LocalHeap.read(space, table.get().getLong(Long.BYTES));
      symbols(space, tree, heap, links, DEEPEST);
    }
    for (ByteBuffer message : header.all(ObjectHeader.LINK)) {
      links.add(link(message));
    }
    Optional<ByteBuffer> info = header.find(ObjectHeader.LINK_INFO);
    if (info.isPresent()) {
      ordered = (info.get().get(1) & 1) != 0;
      dense(space, info.get(), links);
    }
    links.sort(ordered ? Comparator.comparingLong(Link::order) : Comparator.comparing(Link::name));
    return new Links(List.copyOf(links), ordered);
  }

  private static void dense(Space space, ByteBuffer info, List<Link> links) throws IOException {
    int flags = info.get(1);
    info.position((flags & 1) != 0 ? 2 + Long.BYTES : 2);
    long heapAddress = info.getLong();
    long index = info.getLong();
    if (heapAddress == Space.UNDEFINED) {
      return;
    }
    FractalHeap heap = FractalHeap.read(space, heapAddress);
    for (ByteBuffer entry : Records.read(space, index)) {
      entry.position(Integer.BYTES);
      links.add(link(heap.object(entry)));
    }
  }

  private static Link link(ByteBuffer message) {
    Malformed.require(message.get() == 1, "a link has an unknown version");
    int flags = message.get();
    int type = (flags & HAS_TYPE) != 0 ? message.get() & 0xFF : HARD;
    long order = (flags & HAS_ORDER) != 0 ? message.getLong() : 0;
    if ((flags & HAS_CHARSET) != 0) {
      message.get();
    }
    long length = Encoded.unsigned(message, 1 << (flags & 3));
    Malformed.require(length <= message.remaining(), "a link's name is cut off");
    String name = Encoded.text(message, (int) length);
    requireHard(type, name);
    return new Link(name, message.getLong(), order);
  }

  private static void requireHard(int type, String name) {
    if (type == SOFT) {
      throw Malformed.feature("the soft link '" + name + "'");
    }
    if (type != HARD) {
      throw new Refusal(
          EXTERNAL_DATA,
          "the HDF5 file links '%s' to another file: save the model in one file".formatted(name));
    }
  }

  private static void symbols(Space space, long node, LocalHeap heap, List<Link> links, int depth)
      throws IOException {
    Malformed.require(depth > 0, "a group's B-tree is too deep");
    space.visit(node, "a node of a B-tree");
    ByteBuffer head = space.read(node, 24, "TREE", "a B-tree");
    Malformed.require(head.get() == 0, "a group's B-tree is of another kind");
    int level = head.get() & 0xFF;
    int entries = head.getShort() & 0xFFFF;
    ByteBuffer body = space.read(node + 24, (2L * entries + 1) * Long.BYTES, "a B-tree");
    for (int i = 0; i < entries; i++) {
      long child = body.getLong((2 * i + 1) * Long.BYTES);
      if (level > 0) {
        symbols(space, child, heap, links, Math.min(depth - 1, level));
      } else {
        table(space, child, heap, links);
      }
    }
  }

  private static void table(Space space, long address, LocalHeap heap, List<Link> links)
      throws IOException {
    space.visit(address, "a symbol table");
    int count = space.read(address, 8, "SNOD", "a symbol table").getShort(6) & 0xFFFF;
    ByteBuffer symbols = space.read(address + 8, (long) count * SYMBOL, "a symbol table");
    for (int i = 0; i < count; i++) {
      symbols.position(i * SYMBOL);
      String name = heap.text(symbols.getLong());
      long header = symbols.getLong();
      requireHard(symbols.getInt() == SOFT_SYMBOL ? SOFT : HARD, name);
      links.add(new Link(name, header, 0));
    }
  }

  /** The heap that holds a symbol table's names. */
  private record LocalHeap(ByteBuffer data) {
    static LocalHeap read(Space space, long address) throws IOException {
      space.visit(address, "a heap");
      ByteBuffer head = space.read(address, 32, "HEAP", "a heap");
      long size = head.getLong(8);
      return new LocalHeap(space.read(head.getLong(24), size, "a heap"));
    }

    String text(long offset) {
      Malformed.require(offset >= 0 && offset < data.capacity(), "a name lies outside its heap");
      int start = (int) offset;
      int end = start;
      while (end < data.capacity() && data.get(end) != 0) {
        end++;
      }
      return Encoded.text(data.duplicate().position(start), end - start);
    }
  }
}
