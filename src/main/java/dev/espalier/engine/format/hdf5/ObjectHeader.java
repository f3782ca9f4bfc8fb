package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The header messages of a group or dataset; versions 1 and 2, with their continuations. */
record ObjectHeader(List<Message> messages) {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int FILL_VALUE = 0x05;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int GROUP_INFO = 0x0A;
  static final int FILTERS = 0x0B;
  static final int ATTRIBUTE = 0x0C;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;

  private static final int SHARED = 0x02;
  private static final int V1_PREFIX = 16;
  private static final int V1_MESSAGE = 8;
  private static final int V2_FIXED = 6;
  private static final int CHECKSUM = 4;
  private static final int TIMES = 0x20;
  private static final int PHASE_CHANGE = 0x10;
  private static final int MESSAGE_ORDER = 0x04;

  /** A header message; {@code data} is a view of its own. */
  record Message(int type, int flags, ByteBuffer data) {
    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** A piece of a header still to be read. */
  private record Block(ByteBuffer bytes, int version, boolean ordered) {}

  /** Reads the header at an address, which may be read only once. */
  static ObjectHeader read(Space space, long address) throws IOException {
    space.visit(address, "an object");
    List<Message> messages = new ArrayList<>();
    Deque<Block> blocks = new ArrayDeque<>();
    blocks.add(first(space, address));
    while (!blocks.isEmpty()) {
      Block block = blocks.remove();
      for (Message message : messages(block)) {
        if (message.type() != CONTINUATION) {
          messages.add(message);
          continue;
        }
        long next = message.data().getLong(0);
        long length = message.data().getLong(Long.BYTES);
        space.visit(next, "the continuation of a header");
        blocks.add(
            new Block(
                block.version() == 1
                    ? space.read(next, length, "a header")
                    : withoutChecksum(space.read(next, length, "OCHK", "a header")),
                block.version(),
                block.ordered()));
      }
    }
    return new ObjectHeader(List.copyOf(messages));
  }

  private static Block first(Space space, long address) throws IOException {
    int version = space.read(address, 1, "an object").get(0);
    if (version == 1) {
      long size = Integer.toUnsignedLong(space.read(address, V1_PREFIX, "an object").getInt(8));
      return new Block(space.read(address + V1_PREFIX, size, "a header"), 1, false);
    }
    ByteBuffer fixed = space.read(address, V2_FIXED, "OHDR", "an object");
    Malformed.require(fixed.get() == 2, "an object header has an unknown version");
    int flags = fixed.get();
    int optional = ((flags & TIMES) != 0 ? 16 : 0) + ((flags & PHASE_CHANGE) != 0 ? 4 : 0);
    int sizeBytes = 1 << (flags & 3);
    long sizeAt = address + V2_FIXED + optional;
    long size = Encoded.unsigned(space.read(sizeAt, sizeBytes, "an object"), sizeBytes);
    return new Block(
        space.read(sizeAt + sizeBytes, size, "a header"), 2, (flags & MESSAGE_ORDER) != 0);
  }

  private static ByteBuffer withoutChecksum(ByteBuffer bytes) {
    return bytes.limit(Math.max(bytes.position(), bytes.limit() - CHECKSUM));
  }

  private static List<Message> messages(Block block) {
    List<Message> messages = new ArrayList<>();
    ByteBuffer bytes = block.bytes();
    int prefix = block.version() == 1 ? V1_MESSAGE : block.ordered() ? 6 : 4;
    while (bytes.remaining() >= prefix) {
      int start = bytes.position();
      int type = block.version() == 1 ? bytes.getShort() & 0xFFFF : bytes.get() & 0xFF;
      int size = bytes.getShort() & 0xFFFF;
      int flags = bytes.get() & 0xFF;
      bytes.position(start + prefix);
      Malformed.require(size <= bytes.remaining(), "a header message is longer than its header");
      ByteBuffer data = bytes.slice(bytes.position(), size);
      bytes.position(bytes.position() + size);
      if ((flags & SHARED) != 0) {
        throw Malformed.feature("shared header messages (committed types)");
      }
      messages.add(new Message(type, flags, data));
    }
    return messages;
  }

  /** The data of the only message of a type. */
  Optional<ByteBuffer> find(int type) {
    List<ByteBuffer> found = all(type);
    Malformed.require(found.size() <= 1, "a header holds message " + type + " twice");
    return found.stream().findFirst();
  }

  /** The data of all messages of a type. */
  List<ByteBuffer> all(int type) {
    return messages.stream().filter(m -> m.type() == type).map(Message::data).toList();
  }
}
