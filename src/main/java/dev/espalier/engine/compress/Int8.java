package dev.espalier.engine.compress;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.QuantizedTensor;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Symmetric 8-bit integers: with the scale {@code s = max|w| / 127} of a channel, {@code q =
 * round(w / s)}, ties to even, in [−127, 127]. Zero stays zero, the largest weight of a channel is
 * kept to a rounding, and no other moves by more than half a scale (Jacob et al. 2018,
 * arXiv:1712.05877, with the zero point fixed at 0; a scale per output channel: Krishnamoorthi
 * 2018, arXiv:1806.08342).
 *
 * <p>A channel whose largest weight is so small that its scale would be subnormal becomes zero, and
 * its scale 1: on many processors subnormal numbers cost more than the weights are worth.
 */
final class Int8 {
  private static final int LARGEST = 127;

  private Int8() {}

  /**
   * Rounds finite float weights.
   *
   * @param axis axis with a scale for each index; empty for one scale
   */
  static QuantizedTensor quantize(Tensor real, OptionalInt axis) {
    float[] weights = real.toFloats();
    int channels = axis.isPresent() ? Math.toIntExact(real.dimension(axis.getAsInt())) : 1;
    int inner =
        axis.isPresent()
            ? QuantizedTensor.inner(real, axis.getAsInt())
            : Math.max(1, weights.length);
    float[] largest = new float[channels];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / inner % channels;
      largest[channel] = Math.max(largest[channel], Math.abs(weights[i]));
    }
    float[] scales = new float[channels];
    boolean[] vanishes = new boolean[channels];
    for (int channel = 0; channel < channels; channel++) {
      vanishes[channel] = largest[channel] / LARGEST < Float.MIN_NORMAL;
      scales[channel] = vanishes[channel] ? 1 : largest[channel] / LARGEST;
    }
    Tensor integers = Tensor.zeros(DataType.INT8, real.shape());
    ByteBuffer out = integers.bytes();
    for (int i = 0; i < weights.length; i++) {
      int channel = i / inner % channels;
      double steps = Math.rint((double) weights[i] / scales[channel]);
      out.put(vanishes[channel] ? 0 : (byte) Math.max(-LARGEST, Math.min(LARGEST, steps)));
    }
    return axis.isPresent()
        ? new QuantizedTensor(integers, Tensor.of(scales, channels), axis.getAsInt())
        : new QuantizedTensor(integers, Tensor.of(scales), 0);
  }
}
