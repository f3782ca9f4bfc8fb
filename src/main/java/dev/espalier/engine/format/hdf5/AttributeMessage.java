package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attributes as header messages encode them. */
final class AttributeMessage {
  private static final int PADDED_VERSION = 1;
  private static final int CHARSET_VERSION = 3;

  private AttributeMessage() {}

  /** The attributes of an object, in the file's order. */
  static List<Hdf5Attribute> of(Space space, GlobalHeap heap, ObjectHeader header)
      throws IOException {
    List<Hdf5Attribute> attributes = new ArrayList<>();
    for (ByteBuffer message : header.all(ObjectHeader.ATTRIBUTE)) {
      attributes.add(parse(message, heap));
    }
    Optional<ByteBuffer> info = header.find(ObjectHeader.ATTRIBUTE_INFO);
    if (info.isPresent()) {
      ByteBuffer bytes = info.get();
      bytes.position((bytes.get(1) & 1) != 0 ? 2 + Short.BYTES : 2);
      long dense = bytes.getLong();
      long index = bytes.getLong();
      if (dense != Space.UNDEFINED) {
        FractalHeap fractal = FractalHeap.read(space, dense);
        for (ByteBuffer record : Records.read(space, index)) {
          attributes.add(parse(fractal.object(record), heap));
        }
      }
    }
    return List.copyOf(attributes);
  }

  private static Hdf5Attribute parse(ByteBuffer bytes, GlobalHeap heap) throws IOException {
    int version = bytes.get();
    Malformed.require(version >= 1 && version <= CHARSET_VERSION, "an attribute is unknown");
    int flags = bytes.get();
    if (version > PADDED_VERSION && (flags & 3) != 0) {
      throw Malformed.feature("attributes of shared types");
    }
    int nameSize = bytes.getShort() & 0xFFFF;
    int typeSize = bytes.getShort() & 0xFFFF;
    int spaceSize = bytes.getShort() & 0xFFFF;
    if (version == CHARSET_VERSION) {
      bytes.get();
    }
    boolean padded = version == PADDED_VERSION;
    String name = Encoded.text(part(bytes, nameSize, padded), nameSize);
    Datatype type = new Datatype(part(bytes, typeSize, padded));
    type.requireKnown();
    Dataspace space = Dataspace.parse(part(bytes, spaceSize, padded));
    long size = space.bytes(type);
    Malformed.require(size <= bytes.remaining(), "attribute '" + name + "' is cut off");
    ByteBuffer data = bytes.slice(bytes.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> variable = type.isVariableString() ? heap.resolve(data) : List.of();
    return new Hdf5Attribute(name, type, space, data, variable);
  }

  private static ByteBuffer part(ByteBuffer bytes, int size, boolean padded) {
    Malformed.require(size <= bytes.remaining(), "an attribute is cut off");
    ByteBuffer part = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    int step = padded ? Encoded.padded(size) : size;
    bytes.position(Math.min(bytes.limit(), bytes.position() + step));
    return part;
  }
}
