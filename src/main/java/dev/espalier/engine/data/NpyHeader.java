package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Tensor;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What precedes the elements in a {@code .npy} array (format versions 1.0, 2.0 and 3.0 of <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>).
 *
 * @param type element type
 * @param bigEndian whether the elements' bytes are reversed
 * @param fortran whether the first axis runs fastest
 * @param shape dimensions, outermost first; empty for a scalar
 */
record NpyHeader(ElementType type, boolean bigEndian, boolean fortran, List<Long> shape) {
  /** NumPy itself reads no longer headers without being asked to. */
  private static final int MAX_BYTES = 10_000;

  private static final int MAX_RANK = 16;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the header and leaves {@code in} at the first element.
   *
   * @param array the array's name, for messages
   * @throws Refusal {@code data-malformed}, also for element types that are not numbers: objects
   *     are pickled, and are never read
   */
  static NpyHeader read(InputStream in, String array) throws IOException {
    DataInputStream data = new DataInputStream(in);
    byte[] magic = data.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw malformed(array, "it is not a .npy array");
    }
    int major = data.readUnsignedByte();
    int minor = data.readUnsignedByte();
    if (major < 1 || major > 3 || minor != 0) {
      throw malformed(array, "its .npy version " + major + "." + minor + " is not 1.0 to 3.0");
    }
    long length =
        major == 1
            ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
            : Integer.toUnsignedLong(Integer.reverseBytes(data.readInt()));
    if (length > MAX_BYTES) {
      throw malformed(array, "its header claims " + length + " bytes, more than " + MAX_BYTES);
    }
    byte[] text = new byte[(int) length];
    data.readFully(text);
    return new NpyHeaderParser(new String(text, StandardCharsets.ISO_8859_1), array).parse();
  }

  static NpyHeader of(String descr, boolean fortran, List<Long> shape, String array) {
    if (shape.size() > MAX_RANK) {
      throw malformed(array, "it has " + shape.size() + " dimensions, more than " + MAX_RANK);
    }
    if (descr.endsWith("O")) {
      throw malformed(array, "it holds pickled objects, which are never read; save numbers");
    }
    return new NpyHeader(elementType(descr, array), descr.startsWith(">"), fortran, shape);
  }

  private static ElementType elementType(String descr, String array) {
    return ElementType.of(descr.isEmpty() ? "" : descr.substring(1))
        .orElseThrow(
            () ->
                malformed(
                    array,
                    "its element type '%s' is not one of %s"
                        .formatted(descr, Arrays.toString(ElementType.values()))));
  }

  /**
   * Bytes of all elements.
   *
   * @throws Refusal {@code data-malformed} when a dimension or the product is impossible
   */
  long elementBytes(String array) {
    return bytes(array, shape);
  }

  /**
   * Bytes of a row, that is of the elements with the same first index, of an array with an axis.
   */
  long rowBytes(String array) {
    return bytes(array, shape.subList(1, shape.size()));
  }

  private long bytes(String array, List<Long> dimensions) {
    try {
      return Math.multiplyExact(
          Tensor.elements(dimensions.stream().mapToLong(Long::longValue).toArray()),
          (long) type.bytes());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new Refusal(
          ReasonCode.DATA_MALFORMED, "array '" + array + "': impossible shape " + shape, e);
    }
  }

  static Refusal malformed(String array, String what) {
    return new Refusal(ReasonCode.DATA_MALFORMED, "array '" + array + "': " + what);
  }
}
