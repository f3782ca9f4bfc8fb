package dev.espalier.engine.operator;

/**
 * The taps of windows along one axis: for each tap the windows under which it lies on the input,
 * and where it lies there.
 */
final class Taps {
  private final Window window;
  private final int[] first;
  private final int[] end;

  Taps(Window window) {
    this.window = window;
    this.first = new int[window.kernel()];
    this.end = new int[window.kernel()];
    for (int tap = 0; tap < first.length; tap++) {
      int offset = tap * window.dilation() - window.before();
      first[tap] = Math.max(0, -Math.floorDiv(offset, window.stride()));
      int windows = Math.floorDiv(window.input() - 1 - offset, window.stride()) + 1;
      end[tap] = Math.max(first[tap], Math.min(window.output(), windows));
    }
  }

  /** The first window whose tap lies on the input. */
  int first(int tap) {
    return first[tap];
  }

  /** The window after the last whose tap lies on the input; not below {@link #first}. */
  int end(int tap) {
    return end[tap];
  }

  /** Element of the input under a tap of window {@code o}. */
  int input(int tap, int o) {
    return o * window.stride() + tap * window.dilation() - window.before();
  }

  /** Number of taps. */
  int count() {
    return first.length;
  }

  /** Distance between windows. */
  int stride() {
    return window.stride();
  }
}
