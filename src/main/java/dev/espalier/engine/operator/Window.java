package dev.espalier.engine.operator;

/**
 * The sliding window of a convolution or pooling along one spatial axis, for one input size.
 *
 * @param kernel taps of the window
 * @param stride distance between windows
 * @param dilation distance between taps
 * @param before padding before the first element
 * @param after padding after the last element
 * @param input elements of the axis
 * @param output number of windows
 */
record Window(int kernel, int stride, int dilation, int before, int after, int input, int output) {

  /** Where window {@code o} starts, in elements of the input; negative inside the padding. */
  int start(int o) {
    return o * stride - before;
  }

  /** Index of the first tap of window {@code o} that lies on the input. */
  int first(int o) {
    return Math.max(0, ceilDiv(-start(o), dilation));
  }

  /** One more than the last tap of window {@code o} that lies on the input. */
  int end(int o) {
    return Math.min(kernel, ceilDiv(input - start(o), dilation));
  }

  /** Taps of window {@code o} that lie on the input or its padding. */
  int padded(int o) {
    return Math.min(kernel, ceilDiv(input + after - start(o), dilation));
  }

  private static int ceilDiv(int dividend, int divisor) {
    return -Math.floorDiv(-dividend, divisor);
  }
}
