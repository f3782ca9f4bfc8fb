package dev.espalier.engine.format.hdf5;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the texts of variable length of a whole file into global heap collections. */
final class TextHeap {
  private static final int HEADER = 16;
  private static final int REFERENCE = 16;
  private static final int SMALLEST = 4096;
  private static final int FULL = 1 << 16;

  private final Output out;
  private final List<ByteBuffer> texts = new ArrayList<>();
  private final Map<ByteBuffer, ByteBuffer> references = new HashMap<>();

  TextHeap(Output out) {
    this.out = out;
  }

  /** Gathers the texts of an object and all below. */
  void collect(Hdf5Object object, Hdf5Changes changes) {
    object.attributes().values().forEach(attribute -> attribute.variable().forEach(this::add));
    if (object instanceof Hdf5Group group) {
      group.children().values().forEach(child -> collect(child, changes));
    }
    changes.texts().values().forEach(text -> add(Hdf5Attribute.bytes(text)));
  }

  private void add(ByteBuffer text) {
    if (text.hasRemaining() && references.putIfAbsent(text, text) == null) {
      texts.add(text);
    }
  }

  /** Writes everything gathered. */
  void write() throws IOException {
    int from = 0;
    while (from < texts.size()) {
      int size = HEADER;
      int to = from;
      while (to < texts.size() && (to == from || size < FULL)) {
        size += HEADER + Encoded.padded(texts.get(to++).remaining());
      }
      collection(texts.subList(from, to), size);
      from = to;
    }
  }

  private void collection(List<ByteBuffer> members, int used) throws IOException {
    int size = Math.max(SMALLEST, used);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(LITTLE_ENDIAN);
    bytes.put(new byte[] {'G', 'C', 'O', 'L', 1, 0, 0, 0}).putLong(size);
    long address = out.position();
    for (int i = 0; i < members.size(); i++) {
      ByteBuffer text = members.get(i);
      int end = bytes.position() + HEADER + Encoded.padded(text.remaining());
      bytes.putShort((short) (i + 1)).putShort((short) 1).putInt(0).putLong(text.remaining());
      bytes.put(text.duplicate()).position(end);
      ByteBuffer reference = ByteBuffer.allocate(REFERENCE).order(LITTLE_ENDIAN);
      reference.putInt(text.remaining()).putLong(address).putInt(i + 1);
      references.put(text, reference.flip());
    }
    if (bytes.remaining() >= HEADER) {
      bytes.putLong(0).putLong(bytes.remaining() + Long.BYTES);
    }
    out.append(bytes.clear());
  }

  /** The elements of an attribute as references to what was written. */
  ByteBuffer references(Hdf5Attribute attribute) {
    List<ByteBuffer> variable = attribute.variable();
    ByteBuffer all = ByteBuffer.allocate(variable.size() * REFERENCE);
    for (ByteBuffer text : variable) {
      ByteBuffer reference = text.hasRemaining() ? references.get(text) : null;
      all.put(reference == null ? ByteBuffer.allocate(REFERENCE) : reference.duplicate());
    }
    return all.flip();
  }
}
