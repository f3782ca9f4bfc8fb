package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Writes small ONNX models by hand: input {@code x} [n, 2], output {@code y} [n, 2]. */
final class RawOnnx {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int INTS = 7;

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

  /** The node with an attribute: an integer, or integers where there are several. */
  static NodeProto with(NodeProto node, String attribute, long... values) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(attribute);
    if (values.length == 1) {
      proto.setType(INT).setI(values[0]);
    } else {
      proto.setType(INTS).addAllInts(Arrays.stream(values).boxed().toList());
    }
    return node.toBuilder().addAttribute(proto).build();
  }

  /** A float vector. */
  static TensorProto floats(String name, float... values) {
    return tensor(name, values).toBuilder().clearDims().addDims(values.length).build();
  }

  /** A float scalar. */
  static TensorProto scalar(String name, float value) {
    return tensor(name, value).toBuilder().clearDims().build();
  }

  /** An int64 vector. */
  static TensorProto longs(String name, long... values) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64.onnxCode())
            .addDims(values.length);
    for (long value : values) {
      proto.addInt64Data(value);
    }
    return proto.build();
  }

  /** A tensor of one-byte integers. */
  static TensorProto bytes(String name, DataType type, long[] shape, int... values) {
    byte[] raw = new byte[values.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) values[i];
    }
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.onnxCode())
            .setRawData(ByteString.copyFrom(raw));
    for (long size : shape) {
      proto.addDims(size);
    }
    return proto.build();
  }
}
