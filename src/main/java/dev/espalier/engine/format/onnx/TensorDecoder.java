package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Decodes tensors, from any of the fields ONNX allows their elements in. */
final class TensorDecoder {
  private static final int EXTERNAL = 1;

  /** Element types of the specification that no kernel of a pruned model has. */
  private static final Map<Integer, String> OTHER_TYPES =
      Map.ofEntries(
          Map.entry(0, "undefined"),
          Map.entry(8, "string"),
          Map.entry(14, "complex64"),
          Map.entry(15, "complex128"),
          Map.entry(17, "float8e4m3fn"),
          Map.entry(18, "float8e4m3fnuz"),
          Map.entry(19, "float8e5m2"),
          Map.entry(20, "float8e5m2fnuz"),
          Map.entry(21, "uint4"),
          Map.entry(22, "int4"),
          Map.entry(23, "float4e2m1"));

  private final FormatLimits limits;

  TensorDecoder(FormatLimits limits) {
    this.limits = limits;
  }

  /** Our type of an ONNX element type code, when we have it. */
  static Optional<DataType> type(int onnxCode) {
    return Arrays.stream(DataType.values()).filter(t -> t.onnxCode() == onnxCode).findFirst();
  }

  /** What messages call an element type that we do not have. */
  static String typeName(int onnxCode) {
    return OTHER_TYPES.getOrDefault(onnxCode, "number " + onnxCode);
  }

  /** Refuses a tensor whose elements lie in another file, wherever that is. */
  static void refuseExternal(TensorProto proto, String where) {
    if (proto.getDataLocation() == EXTERNAL || proto.getExternalDataCount() > 0) {
      throw new Refusal(
          EXTERNAL_DATA,
          where + " keeps its data in another file: save the model as a single file");
    }
  }

  /**
   * A tensor with exactly as many elements as it declares.
   *
   * @param where what the tensor is, for messages
   * @throws Refusal for external data, other element types and sizes that disagree
   */
  Tensor decode(TensorProto proto, String where) {
    refuseExternal(proto, where);
    DataType type =
        type(proto.getDataType())
            .orElseThrow(
                () ->
                    invalid(
                        where,
                        "has element type %s, which is not supported"
                            .formatted(typeName(proto.getDataType()))));
    if (proto.getDimsCount() > limits.rank()) {
      throw invalid(where, "has " + proto.getDimsCount() + " dimensions, at most " + limits.rank());
    }
    if (proto.hasSegment()) {
      throw invalid(where, "is stored in segments, which are not supported");
    }
    long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      requireSize(proto, type, Tensor.elements(shape), where);
      return proto.hasRawData()
          ? Tensor.of(type, proto.getRawData().asReadOnlyByteBuffer(), shape)
          : fromTypedField(proto, type, shape);
    } catch (IllegalArgumentException e) {
      throw new Refusal(TENSOR_INVALID, where + ": " + e.getMessage(), e);
    }
  }

  private static void requireSize(TensorProto proto, DataType type, long elements, String where) {
    int typed =
        proto.getFloatDataCount()
            + proto.getInt32DataCount()
            + proto.getInt64DataCount()
            + proto.getUint64DataCount()
            + proto.getDoubleDataCount();
    if (proto.hasRawData() && typed > 0) {
      throw invalid(where, "holds its data twice");
    }
    long present = proto.hasRawData() ? proto.getRawData().size() : typed(proto, type);
    long unit = proto.hasRawData() ? type.bytes() : 1;
    if (present % unit != 0
        || present / unit != elements
        || (!proto.hasRawData() && typed != present)) {
      throw invalid(
          where,
          "declares shape %s of %s, which is %d elements, but holds %d %s"
              .formatted(
                  proto.getDimsList(),
                  type,
                  elements,
                  proto.hasRawData() ? present : typed,
                  proto.hasRawData() ? "bytes" : "values"));
    }
  }

  /** Values in the field that the element type prescribes. */
  private static int typed(TensorProto proto, DataType type) {
    return switch (type) {
      case FLOAT -> proto.getFloatDataCount();
      case DOUBLE -> proto.getDoubleDataCount();
      case INT64 -> proto.getInt64DataCount();
      case UINT32, UINT64 -> proto.getUint64DataCount();
      case INT32, INT16, UINT16, INT8, UINT8, BOOL, FLOAT16, BFLOAT16 -> proto.getInt32DataCount();
    };
  }

  private static Tensor fromTypedField(TensorProto proto, DataType type, long... shape) {
    Tensor tensor = Tensor.zeros(type, shape);
    ByteBuffer bytes = tensor.bytes();
    switch (type) {
      case FLOAT -> proto.getFloatDataList().forEach(bytes::putFloat);
      case DOUBLE -> proto.getDoubleDataList().forEach(bytes::putDouble);
      case INT64 -> proto.getInt64DataList().forEach(bytes::putLong);
      case UINT64 -> proto.getUint64DataList().forEach(bytes::putLong);
      case UINT32 -> proto.getUint64DataList().forEach(v -> bytes.putInt(v.intValue()));
      case INT32 -> proto.getInt32DataList().forEach(bytes::putInt);
      case FLOAT16, BFLOAT16, INT16, UINT16 ->
          proto.getInt32DataList().forEach(v -> bytes.putShort(v.shortValue()));
      case INT8, UINT8, BOOL -> proto.getInt32DataList().forEach(v -> bytes.put(v.byteValue()));
    }
    return tensor;
  }

  private static Refusal invalid(String where, String what) {
    return new Refusal(TENSOR_INVALID, where + " " + what);
  }
}
