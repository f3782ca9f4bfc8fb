package dev.espalier.engine.operator;

import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Unsqueeze.html">Unsqueeze</a>: inserts axes of
 * size 1 at the named places of the result. Before opset 13 the axes are an attribute.
 */
final class Unsqueeze implements Operator.View {
  private final Site site;
  private final long[] axes;

  Unsqueeze(Site site) {
    this.site = site;
    this.axes = site.integers("axes", 1).orElseThrow(() -> site.untrainable("has no axes"));
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    boolean[] inserted = site.axes(x.length + axes.length, axes);
    long[] shape = new long[inserted.length];
    int next = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = inserted[axis] ? 1 : x[next++];
    }
    return shape;
  }
}
