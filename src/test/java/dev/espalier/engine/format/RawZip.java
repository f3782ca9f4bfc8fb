package dev.espalier.engine.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip files part by part, so that the parts can lie. */
public final class RawZip {
  private static final int DEFLATED = 8;
  private static final int DIRECTORY_COUNT_AT = 10;

  /** An entry as its headers describe it; {@code data} is what lies in the file. */
  public record Entry(
      String name, ByteBuffer data, int flags, long crc, long inflated, long attributes) {
    /** An honest entry. */
    public static Entry of(String name, byte[] content) {
      CRC32 crc = new CRC32();
      crc.update(content);
      return new Entry(name, deflate(content), 0, crc.getValue(), content.length, 0);
    }

    /** With other general purpose bits. */
    public Entry flagged(int other) {
      return new Entry(name, data, other, crc, inflated, attributes);
    }

    /** With another inflated size. */
    public Entry claiming(long other) {
      return new Entry(name, data, flags, crc, other, attributes);
    }

    /** With other external attributes. */
    public Entry attributed(long other) {
      return new Entry(name, data, flags, crc, inflated, other);
    }

    private static ByteBuffer deflate(byte[] content) {
      Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
      deflater.end();
      return ByteBuffer.wrap(out.toByteArray());
    }
  }

  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final List<String> listed = new ArrayList<>();

  /** Adds an entry to the stream and to the directory. */
  public RawZip add(Entry entry) {
    int offset = stream.size();
    return addToStream(entry).addToDirectory(entry, offset);
  }

  /** Adds an honest entry. */
  public RawZip add(String name, byte[] content) {
    return add(Entry.of(name, content));
  }

  /** Adds an entry that only a streaming reader sees. */
  public RawZip addToStream(Entry entry) {
    byte[] name = entry.name().getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer header = buffer(30).putInt(0x04034b50).putShort((short) 20);
    describe(header, entry).putShort((short) name.length).putShort((short) 0);
    stream.writeBytes(header.array());
    stream.writeBytes(name);
    stream.writeBytes(entry.data().array());
    return this;
  }

  /** Adds an entry to the directory only; its local header is said to be at {@code offset}. */
  public RawZip addToDirectory(Entry entry, int offset) {
    byte[] name = entry.name().getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer header = buffer(46).putInt(0x02014b50).putShort((short) 20).putShort((short) 20);
    describe(header, entry).putShort((short) name.length).putLong(0);
    header.putInt((int) entry.attributes()).putInt(offset);
    directory.writeBytes(header.array());
    directory.writeBytes(name);
    listed.add(entry.name());
    return this;
  }

  private static ByteBuffer describe(ByteBuffer header, Entry entry) {
    return header
        .putShort((short) entry.flags())
        .putShort((short) DEFLATED)
        .putInt(0)
        .putInt((int) entry.crc())
        .putInt(entry.data().capacity())
        .putInt((int) entry.inflated());
  }

  /** The file. */
  public byte[] bytes() {
    return bytes(listed.size());
  }

  /** The file, with an end record that claims {@code count} entries. */
  public byte[] bytes(int count) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(stream.toByteArray());
    file.writeBytes(directory.toByteArray());
    ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0);
    end.putShort((short) count).putShort(DIRECTORY_COUNT_AT, (short) count);
    end.position(DIRECTORY_COUNT_AT + Short.BYTES);
    file.writeBytes(end.putInt(directory.size()).putInt(stream.size()).array());
    return file.toByteArray();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
