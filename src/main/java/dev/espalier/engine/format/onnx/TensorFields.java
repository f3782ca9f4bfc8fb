package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The fields of an encoded {@code TensorProto} with other elements: they go where the old ones
 * were, in the same representation.
 */
final class TensorFields {
  private static final int DIMENSIONS = 1;
  private static final int FLOATS = 4;
  private static final int INTS = 5;
  private static final int LONGS = 7;
  private static final int NAME = 8;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;
  private static final int UNSIGNED_LONGS = 11;
  private static final Set<Integer> DATA =
      Set.of(FLOATS, INTS, LONGS, RAW, DOUBLES, UNSIGNED_LONGS);

  private final Tensor tensor;
  private final boolean reshaped;
  private boolean dimensionsWritten;
  private boolean elementsWritten;

  /**
   * For one tensor.
   *
   * @param tensor what it holds now
   * @param reshaped whether its shape is another
   */
  TensorFields(Tensor tensor, boolean reshaped) {
    this.tensor = tensor;
    this.reshaped = reshaped;
  }

  /** Name of an encoded tensor. */
  static String name(ByteBuffer source, WireField tensor) throws IOException {
    String[] name = {""};
    WireField.visit(
        source,
        tensor.body(),
        tensor.end(),
        field -> name[0] = field.number() == NAME ? field.text(source) : name[0]);
    return name[0];
  }

  /** Writes a field, or what replaces it. */
  void rewrite(WireField field, Pieces out) throws IOException {
    if (reshaped && field.number() == DIMENSIONS) {
      dimensions(out);
    } else if (DATA.contains(field.number())) {
      elements(field.number(), out);
    } else {
      out.copy(field.start(), field.end());
    }
  }

  /** Writes what the tensor had no field for. */
  void finish(Pieces out) throws IOException {
    if (reshaped) {
      dimensions(out);
    }
    if (tensor.size() > 0) {
      elements(RAW, out);
    }
  }

  private void dimensions(Pieces out) {
    if (!dimensionsWritten) {
      for (long size : tensor.shape()) {
        out.varint(DIMENSIONS, size);
      }
      dimensionsWritten = true;
    }
  }

  private void elements(int field, Pieces out) throws IOException {
    if (!elementsWritten) {
      boolean varints = field == INTS || field == LONGS || field == UNSIGNED_LONGS;
      out.bytes(field, varints ? varints() : tensor.bytes());
      elementsWritten = true;
    }
  }

  private ByteBuffer varints() throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    ByteBuffer elements = tensor.bytes();
    while (elements.hasRemaining()) {
      out.writeInt64NoTag(
          switch (tensor.type()) {
            case INT8 -> elements.get();
            case UINT8, BOOL -> Byte.toUnsignedLong(elements.get());
            case INT16 -> elements.getShort();
            case UINT16, FLOAT16, BFLOAT16 -> Short.toUnsignedLong(elements.getShort());
            case INT32 -> elements.getInt();
            case UINT32 -> Integer.toUnsignedLong(elements.getInt());
            case INT64, UINT64 -> elements.getLong();
            case FLOAT, DOUBLE -> throw new IllegalStateException(tensor + " as integers");
          });
    }
    out.flush();
    return bytes.toByteString().asReadOnlyByteBuffer();
  }
}
