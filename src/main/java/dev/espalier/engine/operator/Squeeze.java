package dev.espalier.engine.operator;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Squeeze.html">Squeeze</a>: drops the named
 * axes of size 1, or all of that size. Before opset 13 the axes are an attribute.
 */
final class Squeeze implements Operator.View {
  private final Site site;
  private final Optional<long[]> axes;

  Squeeze(Site site) {
    this.site = site;
    this.axes = site.integers("axes", 1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    boolean[] dropped = site.axes(x.length, axes.orElseGet(() -> new long[0]));
    for (int axis = 0; axis < x.length; axis++) {
      if (axes.isEmpty()) {
        dropped[axis] = x[axis] == 1;
      } else if (dropped[axis] && x[axis] != 1) {
        throw site.mismatch(operands);
      }
    }
    return IntStream.range(0, x.length)
        .filter(axis -> !dropped[axis])
        .mapToLong(axis -> x[axis])
        .toArray();
  }
}
