package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.contract.ReasonCode.WEIGHTS_NOT_FINITE;
import static dev.espalier.engine.format.onnx.RawOnnx.model;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.tensor;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.StringStringEntryProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import java.util.Arrays;
import java.util.stream.Stream;

/** ONNX files whose tensors are hostile or broken. */
final class TensorHazards {
  private static final int TENSOR = 4;

  private TensorHazards() {}

  /** All of them. */
  static Stream<Hazard> all() {
    NodeProto gemm = node("Gemm", "x", "w", "y");
    TensorProto weights = tensor("w", 1, 2, 3, 4);
    return Stream.of(
        external("/etc/passwd"),
        external("../../secret"),
        external("link"),
        new Hazard(
            "external data in an attribute of a nested graph",
            EXTERNAL_DATA,
            () ->
                model(
                    13,
                    OnnxHazardsTest.holding(
                        GraphProto.newBuilder()
                            .addNode(
                                NodeProto.newBuilder()
                                    .setOpType("Constant")
                                    .addAttribute(
                                        AttributeProto.newBuilder()
                                            .setName("value")
                                            .setType(TENSOR)
                                            .setT(weights.toBuilder().setDataLocation(1))))),
                    weights)),
        new Hazard(
            "2^40 elements",
            TENSOR_INVALID,
            () -> model(13, gemm, weights.toBuilder().setDims(0, 1L << 40).build())),
        new Hazard(
            "overflowing shape",
            TENSOR_INVALID,
            () ->
                model(
                    13, gemm, weights.toBuilder().setDims(0, 1L << 40).addDims(1L << 40).build())),
        new Hazard(
            "negative dimension",
            TENSOR_INVALID,
            () -> model(13, gemm, weights.toBuilder().setDims(0, -2).setDims(1, -2).build())),
        new Hazard(
            "one byte short",
            TENSOR_INVALID,
            () ->
                model(
                    13,
                    gemm,
                    weights.toBuilder().setRawData(weights.getRawData().substring(1)).build())),
        new Hazard(
            "data in two fields",
            TENSOR_INVALID,
            () -> model(13, gemm, weights.toBuilder().addInt32Data(1).build())),
        new Hazard(
            "text tensor",
            TENSOR_INVALID,
            () -> model(13, gemm, weights.toBuilder().setDataType(8).build())),
        new Hazard(
            "four-bit integers",
            TENSOR_INVALID,
            () -> model(13, gemm, weights.toBuilder().setDataType(22).build())),
        new Hazard(
            "half-precision infinity",
            WEIGHTS_NOT_FINITE,
            () -> model(13, gemm, halves(10, 0x7c00))),
        new Hazard("bfloat16 NaN", WEIGHTS_NOT_FINITE, () -> model(13, gemm, halves(16, 0x7fc0))),
        new Hazard(
            "NaN as the scale of quantised weights",
            WEIGHTS_NOT_FINITE,
            () ->
                model(
                    13,
                    Arrays.asList(
                        node("DequantizeLinear", "q", "s", "d"), node("Gemm", "x", "d", "y")),
                    weights.toBuilder()
                        .setName("q")
                        .setDataType(3)
                        .setRawData(ByteString.copyFrom(new byte[4]))
                        .build(),
                    tensor("s", Float.NaN).toBuilder().clearDims().build())),
        new Hazard(
            "NaN", WEIGHTS_NOT_FINITE, () -> model(13, gemm, tensor("w", 1, 2, Float.NaN, 4))),
        new Hazard(
            "infinity",
            WEIGHTS_NOT_FINITE,
            () -> model(13, gemm, tensor("w", 1, Float.POSITIVE_INFINITY, 3, 4))));
  }

  private static Hazard external(String location) {
    StringStringEntryProto entry =
        StringStringEntryProto.newBuilder().setKey("location").setValue(location).build();
    TensorProto tensor = tensor("w").toBuilder().addExternalData(entry).setDataLocation(1).build();
    return new Hazard(
        "external data at " + location,
        EXTERNAL_DATA,
        () -> model(13, node("Gemm", "x", "w", "y"), tensor));
  }

  private static TensorProto halves(int type, int bits) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(type)
        .addDims(2)
        .addDims(2)
        .addAllInt32Data(Arrays.asList(0, bits, 0, 0))
        .build();
  }
}
