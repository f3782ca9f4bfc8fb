package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;

/** A model that does all its work inside an {@code If}. */
public final class ConditionalModel {
  private static final int BOOL = 9;
  private static final int GRAPH = 5;

  private ConditionalModel() {}

  /** Its file; nothing in it can be pruned. */
  public static byte[] file() {
    TensorProto condition =
        TensorProto.newBuilder()
            .setName("condition")
            .setDataType(BOOL)
            .setRawData(ByteString.copyFrom(new byte[] {1}))
            .build();
    NodeProto node =
        NodeProto.newBuilder()
            .setOpType("If")
            .addInput("condition")
            .addOutput("y")
            .addAttribute(branch("then_branch"))
            .addAttribute(branch("else_branch"))
            .build();
    return RawOnnx.model(13, node, condition);
  }

  private static AttributeProto branch(String name) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(GRAPH)
        .setG(
            GraphProto.newBuilder()
                .setName(name)
                .addNode(RawOnnx.node("MatMul", "x", name + ".w", name + ".y"))
                .addInitializer(RawOnnx.tensor(name + ".w", 1, 2, 3, 4))
                .addOutput(RawOnnx.value(name + ".y")))
        .build();
  }
}
