package dev.espalier.engine.operator;

import java.util.stream.IntStream;

/**
 * The axes an ONNX reduction runs over: an attribute or, in newer operator sets, an input; all when
 * there are none, unless {@code noop_with_empty_axes}.
 */
final class ReducedAxes {
  private final Site site;
  private final long[] axes;
  private final boolean keep;
  private final boolean all;

  ReducedAxes(Site site) {
    this.site = site;
    this.axes = site.integers("axes", 1).orElseGet(() -> new long[0]);
    this.keep = site.node().integer("keepdims", 1) != 0;
    this.all = axes.length == 0 && site.node().integer("noop_with_empty_axes", 0) == 0;
  }

  /** Which axes of a tensor are reduced. */
  boolean[] reduced(int rank) {
    boolean[] reduced = site.axes(rank, axes);
    for (int axis = 0; all && axis < rank; axis++) {
      reduced[axis] = true;
    }
    return reduced;
  }

  /** The operand's shape with the reduced axes of size 1. */
  long[] kept(long... x) {
    boolean[] reduced = reduced(x.length);
    return IntStream.range(0, x.length).mapToLong(axis -> reduced[axis] ? 1 : x[axis]).toArray();
  }

  /** The result's shape. */
  long[] shape(long... x) {
    boolean[] reduced = reduced(x.length);
    return keep
        ? kept(x)
        : IntStream.range(0, x.length)
            .filter(axis -> !reduced[axis])
            .mapToLong(axis -> x[axis])
            .toArray();
  }
}
