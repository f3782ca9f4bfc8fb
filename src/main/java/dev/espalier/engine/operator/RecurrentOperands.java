package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What one direction of a recurrent operator reads. With t steps, n samples, i inputs, h hidden
 * units and g gates:
 *
 * @param reverse whether time runs backwards
 * @param x input [t, n, i]
 * @param w input weights [g·h, i]
 * @param r recurrent weights [g·h, h]
 * @param bias input biases, then recurrent biases, [2·g·h]
 * @param lengths steps of each sample, int32 [n]
 * @param initialHidden hidden state before the first step, [n, h]; absent for zeros
 * @param initialCell cell state before the first step, [n, h]; absent for zeros
 */
record RecurrentOperands(
    boolean reverse,
    Value x,
    Value w,
    Value r,
    @Nullable Value bias,
    @Nullable Tensor lengths,
    @Nullable Value initialHidden,
    @Nullable Value initialCell) {

  /** The biases added to a gate whose two products are added, or zeros. */
  void sumBiases(float[] sums) {
    if (bias != null) {
      float[] both = new float[2 * sums.length];
      bias.data().floats().get(0, both);
      for (int k = 0; k < sums.length; k++) {
        sums[k] = both[k] + both[sums.length + k];
      }
    }
  }
}
