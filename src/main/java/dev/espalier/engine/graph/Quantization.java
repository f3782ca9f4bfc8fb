package dev.espalier.engine.graph;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the integers of a parameter stand for real numbers: {@code real = (q − zeroPoint) · scale},
 * as the ONNX operators {@code DequantizeLinear}, {@code QLinearConv}, {@code QLinearMatMul},
 * {@code ConvInteger} and {@code MatMulInteger} define it (ONNX operator specification).
 *
 * @param scale name of the initializer that holds the scale: one number, or one per channel
 * @param zeroPoint name of the initializer that holds the zero point likewise; null for 0
 * @param axis axis of the parameter that its channels lie along; of no meaning with one scale
 */
public record Quantization(String scale, @Nullable String zeroPoint, int axis) {

  /** The weights in {@code tensor}. */
  Weights weights(Tensor tensor, Map<String, Tensor> initializers) {
    return QuantizedWeights.of(
        tensor,
        axis,
        required(scale, initializers),
        zeroPoint == null ? null : required(zeroPoint, initializers));
  }

  private static Tensor required(String name, Map<String, Tensor> initializers) {
    Tensor tensor = initializers.get(name);
    if (tensor == null) {
      throw new IllegalStateException("quantisation without its initializer '" + name + "'");
    }
    return tensor;
  }
}
