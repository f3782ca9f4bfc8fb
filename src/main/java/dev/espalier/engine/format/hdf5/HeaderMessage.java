package dev.espalier.engine.format.hdf5;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message of an object header that we write.
 *
 * @param type as the specification numbers it
 * @param data not padded
 */
record HeaderMessage(int type, ByteBuffer data) {
  private static final int PREFIX = 16;
  private static final int MESSAGE = 8;
  private static final int HAS_ORDER = 0x04;
  private static final int HAS_CHARSET = 0x10;
  private static final int LONG_NAME = 0x01;
  private static final byte UTF_8 = 1;
  private static final int LONGEST = 0xFFF8;

  /** Object header version 1 with all messages in one block. */
  static ByteBuffer header(List<HeaderMessage> messages) {
    int size = messages.stream().mapToInt(m -> MESSAGE + m.paddedSize()).sum();
    if (messages.size() > 0xFFFF) {
      throw Malformed.feature("a group of more than 65,000 members");
    }
    ByteBuffer header = ByteBuffer.allocate(PREFIX + size).order(LITTLE_ENDIAN);
    header.put((byte) 1).put((byte) 0).putShort((short) messages.size()).putInt(1).putInt(size);
    header.putInt(0);
    for (HeaderMessage message : messages) {
      int end = header.position() + MESSAGE + message.paddedSize();
      header.putShort((short) message.type()).putShort((short) message.paddedSize()).putInt(0);
      header.put(message.data().duplicate()).position(end);
    }
    return header.flip();
  }

  private int paddedSize() {
    int padded = Encoded.padded(data.remaining());
    if (padded > LONGEST) {
      throw Malformed.feature("attributes of more than 64 kB");
    }
    return padded;
  }

  /** What says how links are kept: as messages. */
  static HeaderMessage linkInfo(boolean ordered, long links) {
    ByteBuffer info = ByteBuffer.allocate(26).order(LITTLE_ENDIAN);
    info.put((byte) 0).put((byte) (ordered ? 1 : 0));
    if (ordered) {
      info.putLong(links);
    }
    info.putLong(Space.UNDEFINED).putLong(Space.UNDEFINED);
    return new HeaderMessage(ObjectHeader.LINK_INFO, info.flip());
  }

  /** A hard link. */
  static HeaderMessage link(String name, long address, boolean ordered, long order) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    boolean isLong = text.length > 0xFF;
    ByteBuffer link = ByteBuffer.allocate(text.length + 21).order(LITTLE_ENDIAN);
    int flags = HAS_CHARSET | (ordered ? HAS_ORDER : 0) | (isLong ? LONG_NAME : 0);
    link.put((byte) 1).put((byte) flags);
    if (ordered) {
      link.putLong(order);
    }
    link.put(UTF_8);
    if (isLong) {
      link.putShort((short) text.length);
    } else {
      link.put((byte) text.length);
    }
    link.put(text).putLong(address);
    return new HeaderMessage(ObjectHeader.LINK, link.flip());
  }

  /**
   * An attribute.
   *
   * @param references to its texts in a heap, of no meaning for other types
   */
  static HeaderMessage attribute(Hdf5Attribute attribute, ByteBuffer references) {
    byte[] name = attribute.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer type = attribute.type().encoded();
    ByteBuffer space = attribute.space().encode();
    ByteBuffer data = attribute.type().isVariableString() ? references : attribute.data();
    ByteBuffer message =
        ByteBuffer.allocate(10 + name.length + type.capacity() + space.remaining() + data.limit())
            .order(LITTLE_ENDIAN);
    message.put((byte) 3).put((byte) 0).putShort((short) (name.length + 1));
    message.putShort((short) type.capacity()).putShort((short) space.remaining()).put(UTF_8);
    message.put(name).put((byte) 0).put(type).put(space).put(data.duplicate());
    return new HeaderMessage(ObjectHeader.ATTRIBUTE, message.flip());
  }
}
