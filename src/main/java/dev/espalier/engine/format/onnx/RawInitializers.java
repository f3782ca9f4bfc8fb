package dev.espalier.engine.format.onnx;

import com.google.protobuf.CodedInputStream;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.graph.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The float initializers of a file that are in raw form, which is little-endian. */
final class RawInitializers {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_RAW = 9;

  private RawInitializers() {}

  static List<PlainWeights> of(ByteBuffer file) throws IOException {
    List<PlainWeights> found = new ArrayList<>();
    WireField.visit(
        file,
        0,
        file.capacity(),
        field -> {
          if (field.number() == MODEL_GRAPH) {
            WireField.visit(
                file, field.body(), field.end(), part -> initializer(file, part, found));
          }
        });
    return found;
  }

  private static void initializer(ByteBuffer file, WireField field, List<PlainWeights> found)
      throws IOException {
    if (field.number() != GRAPH_INITIALIZER) {
      return;
    }
    List<WireField> raw = new ArrayList<>();
    boolean[] real = {false};
    WireField.visit(
        file,
        field.body(),
        field.end(),
        part -> {
          if (part.number() == TENSOR_RAW) {
            raw.add(part);
          } else if (part.number() == TENSOR_TYPE) {
            int type = CodedInputStream.newInstance(part.content(file)).readInt32();
            real[0] = type == DataType.FLOAT.onnxCode();
          }
        });
    if (real[0] && raw.size() == 1) {
      int elements = (raw.get(0).end() - raw.get(0).body()) / Float.BYTES;
      String name = TensorFields.name(file, field);
      found.add(new PlainWeights(name, raw.get(0).body(), elements, ByteOrder.LITTLE_ENDIAN));
    }
  }
}
