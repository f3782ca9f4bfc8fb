package dev.espalier.engine.graph;

/** Element types of tensors, with the codes of ONNX's {@code TensorProto.DataType}. */
public enum DataType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8);

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
}
