package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * The {@code coefficients.bin} of a network: one vector in ND4J's binary form, all numbers
 * big-endian. Two buffers follow each other, each as the name of its allocation mode, its length
 * and the name of its type, then its elements: first the shape as {@code [rank, dimensions…,
 * strides…, extras, element stride, order]}, then the data. Names are in Java's modified UTF-8 with
 * a length of two bytes. Lengths have four bytes in the modes of before 1.0.0-alpha, else eight;
 * shapes are {@code INT} or {@code LONG} accordingly (source: ND4J's {@code
 * BaseDataBuffer.readHeader}).
 *
 * <p>Tensors taken are float whatever the file's type; an element is only written where it is no
 * longer what reading the file gives, so that nothing else is rounded.
 */
final class Coefficients {
  private static final Set<String> SHORT_MODES = Set.of("DIRECT", "HEAP", "JAVACPP");
  private static final Set<String> LONG_MODES = Set.of("LONG_SHAPE", "MIXED_DATA_TYPES");
  private static final int MAX_RANK = 2;

  private final byte[] encoded;
  private final ByteBuffer buffer;
  private final Precision precision;
  private final int start;
  private final int count;
  private int position;

  private Coefficients(byte[] encoded, Precision precision, int start, int count) {
    this.encoded = encoded;
    this.buffer = ByteBuffer.wrap(encoded);
    this.precision = precision;
    this.start = start;
    this.count = count;
  }

  /** What precedes the elements of a buffer. */
  private record Header(long length, String type) {}

  /**
   * Parses the header; the elements stay where they are.
   *
   * @throws Refusal when it is not a floating-point vector of exactly the size it declares
   */
  static Coefficients parse(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    try {
      long declared = shape(bytes);
      Header data = header(bytes);
      Precision precision =
          Precision.named(data.type)
              .orElseThrow(
                  () -> invalid("it holds elements of type " + data.type + ", not weights"));
      int held = bytes.remaining() / precision.bytes();
      if (declared != data.length || data.length != held) {
        throw invalid(
            "it declares %d and %d elements, but holds %d".formatted(declared, data.length, held));
      }
      if (bytes.remaining() % precision.bytes() != 0) {
        throw invalid("bytes follow its elements");
      }
      return new Coefficients(encoded, precision, bytes.position(), held);
    } catch (BufferUnderflowException e) {
      throw new Refusal(TENSOR_INVALID, "coefficients.bin ends too early: save it again", e);
    }
  }

  /** Elements of the shape, which is a row: [n] or [1, n]. */
  private static long shape(ByteBuffer bytes) {
    Header header = header(bytes);
    boolean isLong = header.type.equals("LONG");
    if (!isLong && !header.type.equals("INT")) {
      throw invalid("its shape has elements of type " + header.type);
    }
    long rank = integer(bytes, isLong);
    if (rank < 1 || rank > MAX_RANK || header.length != 2 * rank + 4) {
      throw invalid("its shape has rank " + rank + " in " + header.length + " numbers");
    }
    long rows = rank == 1 ? 1 : integer(bytes, isLong);
    long columns = integer(bytes, isLong);
    if (rows != 1) {
      throw invalid("its shape is not a row but [" + rows + ", " + columns + "]");
    }
    for (long skipped = 0; skipped < rank + 3; skipped++) {
      integer(bytes, isLong);
    }
    return columns;
  }

  private static long integer(ByteBuffer bytes, boolean isLong) {
    return isLong ? bytes.getLong() : bytes.getInt();
  }

  private static Header header(ByteBuffer bytes) {
    String mode = name(bytes);
    if (!SHORT_MODES.contains(mode) && !LONG_MODES.contains(mode)) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "coefficients.bin has buffers of the unknown mode '%s': save the model with 1.0.0-M2.1"
              .formatted(mode));
    }
    return new Header(integer(bytes, LONG_MODES.contains(mode)), name(bytes));
  }

  /** Names we compare with are ASCII, for which modified UTF-8 is the same. */
  private static String name(ByteBuffer bytes) {
    byte[] name = new byte[Math.min(Short.toUnsignedInt(bytes.getShort()), bytes.remaining())];
    bytes.get(name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  /** Type of the elements in the file. */
  DataType type() {
    return precision.type();
  }

  /** Index of the element that {@link #take} will start at. */
  int position() {
    return position;
  }

  /**
   * The next elements as a float tensor.
   *
   * @param what they are, for the message
   * @throws Refusal when fewer are left
   */
  Tensor take(String what, Arrangement arrangement, long... shape) {
    long left = count - (long) position;
    if (elements(shape) > left) {
      throw invalid(
          "%s has shape %s, but only %d of %d elements are left"
              .formatted(what, Arrays.toString(shape), left, count));
    }
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    FloatBuffer values = tensor.floats();
    if (arrangement.isSame() && precision == Precision.FLOAT) {
      values.put(ByteBuffer.wrap(encoded, at(position), values.capacity() * 4).asFloatBuffer());
    } else {
      for (int i = 0; i < values.capacity(); i++) {
        values.put(i, stored(at(position + arrangement.place(i, shape)), arrangement));
      }
    }
    position += tensor.size();
    return tensor;
  }

  private static long elements(long... shape) {
    try {
      return Tensor.elements(shape);
    } catch (IllegalArgumentException e) {
      throw new Refusal(TENSOR_INVALID, "configuration.json: " + e.getMessage(), e);
    }
  }

  /** Refuses a file with more elements than the layers have parameters. */
  void requireAllTaken() {
    if (position != count) {
      throw invalid("it holds %d elements, the layers have %d".formatted(count, position));
    }
  }

  /** Replaces the elements from {@code from} by a tensor, wherever they differ from it. */
  void overwrite(int from, Arrangement arrangement, Tensor tensor) {
    FloatBuffer values = tensor.floats();
    long[] shape = tensor.shape();
    for (int i = 0; i < values.capacity(); i++) {
      int at = at(from + arrangement.place(i, shape));
      float value = values.get(i);
      if (Float.floatToRawIntBits(value) != Float.floatToRawIntBits(stored(at, arrangement))) {
        precision.put(buffer, at, arrangement.encode(value));
      }
    }
  }

  /**
   * The same form with room for another number of elements, all zero. What the shape says of the
   * number follows.
   *
   * @throws Refusal when they do not fit into memory
   */
  Coefficients resized(long elements) {
    if (elements > (Integer.MAX_VALUE - 1024) / precision.bytes()) {
      throw invalid("it would hold " + elements + " elements");
    }
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(header)) {
      ByteBuffer bytes = ByteBuffer.wrap(encoded);
      copyShape(bytes, out, elements);
      copyHeader(bytes, out, elements);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    byte[] resized =
        Arrays.copyOf(header.toByteArray(), header.size() + (int) elements * precision.bytes());
    return new Coefficients(resized, precision, header.size(), (int) elements);
  }

  /** Dimensions and strides that were the number of elements become the new one. */
  private void copyShape(ByteBuffer bytes, DataOutputStream out, long elements) throws IOException {
    bytes.mark();
    Header header = header(bytes);
    bytes.reset();
    copyHeader(bytes, out, header.length);
    boolean isLong = header.type.equals("LONG");
    for (long i = 0; i < header.length; i++) {
      long number = integer(bytes, isLong);
      boolean isSize = i > 0 && i < header.length - 3 && number == count;
      if (isLong) {
        out.writeLong(isSize ? elements : number);
      } else {
        out.writeInt((int) (isSize ? elements : number));
      }
    }
  }

  private static void copyHeader(ByteBuffer bytes, DataOutputStream out, long length)
      throws IOException {
    String mode = name(bytes);
    integer(bytes, LONG_MODES.contains(mode));
    out.writeUTF(mode);
    if (LONG_MODES.contains(mode)) {
      out.writeLong(length);
    } else {
      out.writeInt((int) length);
    }
    out.writeUTF(name(bytes));
  }

  /** The encoded form, replacements included; not a copy. */
  byte[] encoded() {
    return encoded;
  }

  private float stored(int at, Arrangement arrangement) {
    return (float) arrangement.decode(precision.get(buffer, at));
  }

  private int at(int element) {
    return start + element * precision.bytes();
  }

  private static Refusal invalid(String what) {
    return new Refusal(TENSOR_INVALID, "coefficients.bin cannot be used: " + what);
  }
}
