package dev.espalier.engine.format.onnx;

import com.google.protobuf.CodedInputStream;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The initializers of a file, and the tensors of its {@code Constant} nodes, whose elements stand
 * in it one by one: raw ones, and floats in their typed field. Both are little-endian.
 */
final class PlainTensors {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int TENSOR_FLOATS = 4;
  private static final int TENSOR_RAW = 9;

  private final ByteBuffer file;
  private final List<PlainWeights> found = new ArrayList<>();

  private PlainTensors(ByteBuffer file) {
    this.file = file;
  }

  static List<PlainWeights> of(ByteBuffer file) throws IOException {
    PlainTensors tensors = new PlainTensors(file);
    WireField model = new WireField(0, 0, 0, file.capacity());
    tensors.each(
        model,
        MODEL_GRAPH,
        graph -> {
          tensors.each(graph, GRAPH_INITIALIZER, tensors::add);
          tensors.each(
              graph,
              GRAPH_NODE,
              node ->
                  tensors.each(
                      node,
                      NODE_ATTRIBUTE,
                      attribute -> tensors.each(attribute, ATTRIBUTE_TENSOR, tensors::add)));
        });
    return tensors.found;
  }

  private void each(WireField message, int number, WireField.Visitor visitor) throws IOException {
    WireField.visit(
        file,
        message.body(),
        message.end(),
        field -> {
          if (field.number() == number) {
            visitor.visit(field);
          }
        });
  }

  private void add(WireField field) throws IOException {
    List<WireField> elements = new ArrayList<>();
    each(field, TENSOR_RAW, elements::add);
    each(field, TENSOR_FLOATS, elements::add);
    CodedInputStream in = CodedInputStream.newInstance(field.content(file));
    in.enableAliasing(true);
    TensorProto tensor = TensorProto.parseFrom(in);
    Optional<DataType> type = TensorDecoder.type(tensor.getDataType());
    if (type.isPresent() && elements.size() == 1) {
      WireField piece = elements.get(0);
      PlainWeights plain =
          new PlainWeights(
              tensor.getName(),
              piece.body(),
              type.get(),
              tensor.getDimsList(),
              ByteOrder.LITTLE_ENDIAN);
      if ((long) plain.elements() * type.get().bytes() == piece.end() - piece.body()) {
        found.add(plain);
      }
    }
  }
}
