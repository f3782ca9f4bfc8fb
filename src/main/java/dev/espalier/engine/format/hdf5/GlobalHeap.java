package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Text of variable length, which lies in global heap collections. */
final class GlobalHeap {
  private static final int HEADER = 16;

  private final Space space;
  private final Map<Long, Map<Integer, ByteBuffer>> collections = new HashMap<>();

  GlobalHeap(Space space) {
    this.space = space;
  }

  /** The texts that elements of 16 bytes (length, address, index) refer to. */
  List<ByteBuffer> resolve(ByteBuffer references) throws IOException {
    ByteBuffer bytes = references.duplicate().order(references.order());
    List<ByteBuffer> texts = new ArrayList<>();
    while (bytes.remaining() >= HEADER) {
      long length = Integer.toUnsignedLong(bytes.getInt());
      long address = bytes.getLong();
      int index = bytes.getInt();
      space.charge(length);
      texts.add(length == 0 ? ByteBuffer.allocate(0) : object(address, index, length));
    }
    return texts;
  }

  private ByteBuffer object(long address, int index, long length) throws IOException {
    Map<Integer, ByteBuffer> collection = collections.get(address);
    if (collection == null) {
      collection = read(address);
      collections.put(address, collection);
    }
    ByteBuffer object = collection.get(index);
    Malformed.require(
        object != null && length <= object.remaining(), "a text lies outside its heap");
    return object.slice(0, (int) length);
  }

  private Map<Integer, ByteBuffer> read(long address) throws IOException {
    space.visit(address, "a heap of texts");
    long size = space.read(address, HEADER, "GCOL", "a heap of texts").getLong(8);
    Malformed.require(size >= HEADER, "a heap of texts is too small");
    ByteBuffer bytes = space.read(address, size, "a heap of texts").position(HEADER);
    Map<Integer, ByteBuffer> objects = new HashMap<>();
    while (bytes.remaining() >= HEADER) {
      int index = bytes.getShort() & 0xFFFF;
      bytes.position(bytes.position() + 6);
      long length = bytes.getLong();
      if (index == 0) {
        break;
      }
      Malformed.require(length >= 0 && length <= bytes.remaining(), "a text is cut off");
      objects.put(index, bytes.slice(bytes.position(), (int) length));
      bytes.position(Math.min(bytes.limit(), bytes.position() + Encoded.padded((int) length)));
    }
    return objects;
  }
}
