package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Models that are read without complaint, and cannot be pruned. */
public final class HardModels {
  private static final int INT64 = 7;
  private static final int BOOL = 9;
  private static final int GRAPH = 5;

  private HardModels() {}

  /** One that does all its work inside an {@code If}. */
  public static byte[] everythingInsideAnIf() {
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

  /** One whose small tensors become one of 2^40 elements on the way. */
  public static byte[] hugeIntermediate() {
    ByteBuffer repeats = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    repeats.asLongBuffer().put(1L << 20).put(1L << 19);
    TensorProto shape =
        TensorProto.newBuilder()
            .setName("repeats")
            .setDataType(INT64)
            .addDims(2)
            .setRawData(ByteString.copyFrom(repeats))
            .build();
    return RawOnnx.model(
        13,
        List.of(
            RawOnnx.node("MatMul", "x", "w", "product"),
            RawOnnx.node("Tile", "x", "repeats", "tiled"),
            RawOnnx.node("ReduceMean", "tiled", "mean"),
            RawOnnx.node("Add", "product", "mean", "y")),
        RawOnnx.tensor("w", 1, 2, 3, 4),
        shape);
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
