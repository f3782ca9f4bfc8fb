package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Writes small ONNX models by hand: input {@code x} [n, 2], output {@code y} [n, 2]. */
final class RawOnnx {
  private static final int FLOAT = 1;

  private RawOnnx() {}

  /** A model of one node. */
  static byte[] model(int opset, NodeProto node, TensorProto... initializers) {
    return model(opset, List.of(node), initializers);
  }

  /** A model. */
  static byte[] model(int opset, List<NodeProto> nodes, TensorProto... initializers) {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("main")
            .addAllNode(nodes)
            .addAllInitializer(Arrays.asList(initializers))
            .addInput(value("x"))
            .addOutput(value("y"))
            .build();
    return model(opset, graph);
  }

  /** A model of a graph. */
  static byte[] model(int opset, GraphProto graph) {
    return ModelProto.newBuilder()
        .setIrVersion(7)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** A node; the last name is its output. */
  static NodeProto node(String operator, String... names) {
    List<String> inputs = Arrays.asList(names).subList(0, names.length - 1);
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(names[names.length - 1])
        .build();
  }

  /** A float matrix of two columns in raw form. */
  static TensorProto tensor(String name, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(FLOAT)
        .addDims(values.length / 2)
        .addDims(2)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** A declaration of [n, 2]. */
  static ValueInfoProto value(String name) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(2))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)))
        .build();
  }
}
