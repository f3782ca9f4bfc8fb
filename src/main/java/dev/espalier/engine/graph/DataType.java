package dev.espalier.engine.graph;

/** Element types of tensors, with the codes of ONNX's {@code TensorProto.DataType}. */
public enum DataType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  BFLOAT16(16, 2);

  private final int onnxCode;
  private final int bytes;

  DataType(int onnxCode, int bytes) {
    this.onnxCode = onnxCode;
    this.bytes = bytes;
  }

  /** The code ONNX uses. */
  public int onnxCode() {
    return onnxCode;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isReal() {
    return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
  }
}
