package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.engine.format.onnx.RawOnnx.model;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.tensor;

import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.SparseTensorProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import java.util.Arrays;
import java.util.stream.Stream;

/** ONNX files whose sparse tensors are hostile or broken. */
final class SparseHazards {
  private SparseHazards() {}

  /** All of them. */
  static Stream<Hazard> all() {
    return Stream.of(
        new Hazard(
            "2^40 sparse elements in a few bytes",
            GRAPH_TOO_LARGE,
            () -> sparse(flat(1, 2), longs(0, 1), 1L << 20, 1L << 20)),
        new Hazard(
            "a gigabyte of sparse zeros",
            GRAPH_TOO_LARGE,
            () -> sparse(flat(1, 2), longs(0, 1), 1L << 14, 1L << 14)),
        new Hazard(
            "overflowing sparse shape",
            TENSOR_INVALID,
            () -> sparse(flat(1, 2), longs(0, 1), 1L << 40, 1L << 40)),
        new Hazard(
            "sparse index outside of the shape",
            TENSOR_INVALID,
            () -> sparse(flat(1, 2), longs(0, 4), 2, 2)),
        new Hazard(
            "negative sparse index", TENSOR_INVALID, () -> sparse(flat(1, 2), longs(-1, 1), 2, 2)),
        new Hazard(
            "repeated sparse index", TENSOR_INVALID, () -> sparse(flat(1, 2), longs(1, 1), 2, 2)),
        new Hazard(
            "fewer sparse indices than values",
            TENSOR_INVALID,
            () -> sparse(flat(1, 2), longs(1), 2, 2)),
        new Hazard(
            "sparse values in another file",
            EXTERNAL_DATA,
            () -> sparse(flat(1, 2).toBuilder().setDataLocation(1).build(), longs(0, 1), 2, 2)),
        new Hazard(
            "sparse and dense initializer of one name",
            MODEL_MALFORMED,
            () ->
                model(
                    13,
                    sparseGraph(flat(1, 2), longs(0, 1), 2, 2)
                        .addInitializer(tensor("w", 1, 2, 3, 4))
                        .build())),
        new Hazard(
            "sparse tensor in a nested graph",
            TENSOR_INVALID,
            () ->
                model(
                    13,
                    OnnxHazardsTest.holding(sparseGraph(flat(1, 2), longs(0, 1), 2, 2)),
                    tensor("w", 1, 2, 3, 4))));
  }

  private static byte[] sparse(TensorProto values, TensorProto indices, long... shape) {
    return model(13, sparseGraph(values, indices, shape).build());
  }

  private static GraphProto.Builder sparseGraph(
      TensorProto values, TensorProto indices, long... shape) {
    return GraphProto.newBuilder()
        .addNode(node("Gemm", "x", "w", "y"))
        .addInput(RawOnnx.value("x"))
        .addOutput(RawOnnx.value("y"))
        .addSparseInitializer(
            SparseTensorProto.newBuilder()
                .setValues(values)
                .setIndices(indices)
                .addAllDims(Arrays.stream(shape).boxed().toList()));
  }

  private static TensorProto flat(float... values) {
    return tensor("w", values).toBuilder().clearDims().addDims(values.length).build();
  }

  private static TensorProto longs(long... values) {
    return TensorProto.newBuilder()
        .setDataType(7)
        .addDims(values.length)
        .addAllInt64Data(Arrays.stream(values).boxed().toList())
        .build();
  }
}
