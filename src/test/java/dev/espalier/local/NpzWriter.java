package dev.espalier.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes arrays as {@code numpy.savez_compressed} does: a zip of {@code .npy} files, format version
 * 1.0 (numpy.lib.format), C order, little-endian. The same arrays give the same bytes.
 */
public final class NpzWriter {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(archive);

  /** Adds unsigned bytes. */
  public NpzWriter uint8(String name, byte[] values, int... shape) throws IOException {
    return add(name, "|u1", values, values.length, shape);
  }

  /** Adds 64-bit signed integers. */
  public NpzWriter int64(String name, long[] values, int... shape) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return add(name, "<i8", bytes.array(), values.length, shape);
  }

  /** The archive; nothing can be added after. */
  public byte[] bytes() throws IOException {
    zip.close();
    return archive.toByteArray();
  }

  private NpzWriter add(String name, String type, byte[] content, int count, int... shape)
      throws IOException {
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != count) {
      throw new IllegalArgumentException(
          name + " has " + count + " elements, not shape " + Arrays.toString(shape));
    }
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTimeLocal(EPOCH);
    zip.putNextEntry(entry);
    zip.write(header(type, shape));
    zip.write(content);
    zip.closeEntry();
    return this;
  }

  /** Magic, length of the description, the description padded so that the data are aligned. */
  private static byte[] header(String type, int... shape) {
    // A Python tuple: one element needs its comma, and a comma too many never hurts.
    String tuple =
        Arrays.stream(shape).mapToObj(extent -> extent + ",").collect(Collectors.joining(" "));
    String description =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
    int prefix = MAGIC.length + Short.BYTES;
    int length = description.length() + 1;
    int padding = Math.floorMod(-(prefix + length), ALIGNMENT);
    return ByteBuffer.allocate(prefix + length + padding)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) (length + padding))
        .put((description + " ".repeat(padding) + "\n").getBytes(US_ASCII))
        .array();
  }
}
