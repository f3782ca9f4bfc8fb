package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** Our tensors as ONNX Runtime's, and its as ours. */
final class Tensors {
  private Tensors() {}

  /** A view of a tensor's memory. */
  static OnnxTensor wrap(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] shape = tensor.shape();
    return switch (tensor.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, tensor.floats(), shape);
      case DOUBLE -> OnnxTensor.createTensor(environment, tensor.doubles(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, tensor.longs(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, tensor.ints(), shape);
      case FLOAT16 ->
          OnnxTensor.createTensor(environment, tensor.bytes(), shape, OnnxJavaType.FLOAT16);
      case UINT8 -> OnnxTensor.createTensor(environment, tensor.bytes(), shape, OnnxJavaType.UINT8);
      case INT8 -> OnnxTensor.createTensor(environment, tensor.bytes(), shape, OnnxJavaType.INT8);
      case BOOL -> OnnxTensor.createTensor(environment, tensor.bytes(), shape, OnnxJavaType.BOOL);
      default -> throw new IllegalArgumentException("not an input: " + tensor);
    };
  }

  /**
   * A copy of an output's elements as floats.
   *
   * @throws Refusal {@code data-mismatch} when they are not real numbers
   */
  static FloatBuffer floats(String name, OnnxTensor output) {
    OnnxJavaType type = output.getInfo().type;
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> output.getFloatBuffer();
      case DOUBLE -> floats(output.getDoubleBuffer());
      default ->
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              "the model's first output '%s' is %s; real numbers can be judged: make it the output of"
                      .formatted(name, type)
                  + " scores or predictions");
    };
  }

  private static FloatBuffer floats(DoubleBuffer doubles) {
    FloatBuffer floats = FloatBuffer.allocate(doubles.remaining());
    while (doubles.hasRemaining()) {
      floats.put((float) doubles.get());
    }
    return floats.flip();
  }
}
