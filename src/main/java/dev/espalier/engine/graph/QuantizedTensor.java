package dev.espalier.engine.graph;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Real numbers as 8-bit integers: {@code real = q · scale}, computed in single precision, as the
 * ONNX operator {@code DequantizeLinear} does without a zero point.
 *
 * @param integers int8, of the shape of the real tensor
 * @param scale float; a scalar, or a vector with one scale per channel
 * @param axis axis of the channels; of no meaning with one scale
 */
public record QuantizedTensor(Tensor integers, Tensor scale, int axis) {

  /** Whether every channel has its own scale. */
  public boolean perChannel() {
    return scale.rank() == 1;
  }

  /** The numbers the integers stand for. */
  public Tensor real() {
    Tensor real = Tensor.zeros(DataType.FLOAT, integers.shape());
    FloatBuffer out = real.floats();
    ByteBuffer in = integers.bytes();
    float[] scales = scale.toFloats();
    int inner = perChannel() ? inner(integers, axis) : Math.max(1, integers.size());
    for (int i = 0; out.hasRemaining(); i++) {
      out.put(in.get() * scales[i / inner % scales.length]);
    }
    return real;
  }

  /** Elements of {@code tensor} that follow each other before its index along an axis changes. */
  public static int inner(Tensor tensor, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < tensor.rank(); i++) {
      inner *= Math.toIntExact(tensor.dimension(i));
    }
    return inner;
  }
}
