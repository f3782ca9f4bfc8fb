package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The {@code coefficients.bin} of a network: one vector in the binary form that ND4J 1.0.0-beta4
 * and later write, all numbers big-endian. Two buffers follow each other, each as the name of its
 * allocation mode, its length and the name of its type, then its elements: first the shape as
 * {@code [rank, dimensions…, strides…, extras, element stride, order]}, then the data. Names are in
 * Java's modified UTF-8 with a length of two bytes.
 */
final class Coefficients {
  private static final String MODE = "MIXED_DATA_TYPES";
  private static final int MAX_RANK = 2;

  private final byte[] encoded;
  private final int start;
  private final int count;
  private int position;

  private Coefficients(byte[] encoded, int start, int count) {
    this.encoded = encoded;
    this.start = start;
    this.count = count;
  }

  /**
   * Parses the header; the elements stay where they are.
   *
   * @throws Refusal when it is not a float vector of exactly the size it declares
   */
  static Coefficients parse(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    try {
      long declared = shape(bytes);
      long length = buffer(bytes, "FLOAT");
      if (declared != length || length != bytes.remaining() / Float.BYTES) {
        throw invalid(
            "it declares %d and %d elements, but holds %d"
                .formatted(declared, length, bytes.remaining() / Float.BYTES));
      }
      if (bytes.remaining() % Float.BYTES != 0) {
        throw invalid("bytes follow its elements");
      }
      return new Coefficients(encoded, bytes.position(), (int) length);
    } catch (BufferUnderflowException e) {
      throw new Refusal(TENSOR_INVALID, "coefficients.bin ends too early: save it again", e);
    }
  }

  /** Elements of the shape, which is a row: [n] or [1, n]. */
  private static long shape(ByteBuffer bytes) {
    long length = buffer(bytes, "LONG");
    long rank = bytes.getLong();
    if (rank < 1 || rank > MAX_RANK || length != 2 * rank + 4) {
      throw invalid("its shape has rank " + rank + " in " + length + " numbers");
    }
    long rows = rank == 1 ? 1 : bytes.getLong();
    long columns = bytes.getLong();
    if (rows != 1) {
      throw invalid("its shape is not a row but [" + rows + ", " + columns + "]");
    }
    for (long skipped = 0; skipped < rank + 3; skipped++) {
      bytes.getLong();
    }
    return columns;
  }

  private static long buffer(ByteBuffer bytes, String expectedType) {
    String mode = name(bytes);
    if (!mode.equals(MODE)) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "coefficients.bin has buffers of mode '%s', read is %s: save the model with 1.0.0-beta4 or later"
              .formatted(mode, MODE));
    }
    long length = bytes.getLong();
    String type = name(bytes);
    if (!type.equals(expectedType)) {
      throw invalid("it holds elements of type " + type + " where " + expectedType + " is read");
    }
    return length;
  }

  /** Names we compare with are ASCII, for which modified UTF-8 is the same. */
  private static String name(ByteBuffer bytes) {
    byte[] name = new byte[Math.min(Short.toUnsignedInt(bytes.getShort()), bytes.remaining())];
    bytes.get(name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  /** Index of the element that {@link #take} will start at. */
  int position() {
    return position;
  }

  /**
   * The next elements, row-major.
   *
   * @param what they are, for the message
   * @throws Refusal when fewer are left
   */
  Tensor take(String what, long... shape) {
    long left = count - (long) position;
    if (elements(shape) > left) {
      throw invalid(
          "%s has shape %s, but only %d of %d elements are left"
              .formatted(what, Arrays.toString(shape), left, count));
    }
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    tensor.floats().put(floats(position, tensor.size()));
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

  /** Replaces the elements from {@code from}. */
  void overwrite(int from, Tensor tensor) {
    floats(from, tensor.size()).put(tensor.floats());
  }

  /** The encoded form, replacements included; not a copy. */
  byte[] encoded() {
    return encoded;
  }

  private FloatBuffer floats(int from, int length) {
    return ByteBuffer.wrap(encoded, start + from * Float.BYTES, length * Float.BYTES)
        .asFloatBuffer();
  }

  private static Refusal invalid(String what) {
    return new Refusal(TENSOR_INVALID, "coefficients.bin cannot be used: " + what);
  }
}
