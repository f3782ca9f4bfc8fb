package dev.espalier.engine.operator;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

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

  /** Elements from the first tap to the last. */
  int extent() {
    return (kernel - 1) * dilation + 1;
  }

  /** The same windows with taps in the gaps too. */
  Window dense() {
    return new Window(extent(), stride, 1, before, after, input, output);
  }

  /**
   * First element of the input under window {@code o}; not below {@link #to} when there is none.
   */
  int from(int o) {
    int start = start(o);
    return start + Math.max(0, ceilDiv(-start, dilation)) * dilation;
  }

  /** Where the elements of the input under window {@code o} end, from {@link #from} by dilation. */
  int to(int o) {
    return Math.min(start(o) + kernel * dilation, input);
  }

  /** Taps of window {@code o} that lie on the input. */
  int taps(int o) {
    return Math.max(0, ceilDiv(to(o) - from(o), dilation));
  }

  /** Taps of window {@code o} that lie on the input or its padding. */
  int paddedTaps(int o) {
    return Math.min(kernel, ceilDiv(input + after - start(o), dilation));
  }

  /** A property of every window, for loops too hot to divide in. */
  int[] each(IntUnaryOperator property) {
    return IntStream.range(0, output).map(property).toArray();
  }

  private int start(int o) {
    return o * stride - before;
  }

  private static int ceilDiv(int dividend, int divisor) {
    return -Math.floorDiv(-dividend, divisor);
  }
}
