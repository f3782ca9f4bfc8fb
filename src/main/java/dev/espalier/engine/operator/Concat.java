package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Concat.html">Concat</a> along an axis, which
 * before opset 4 is 1 by default.
 */
final class Concat implements Movement {
  private final Site site;
  private final int operands;

  Concat(Site site) {
    this.site = site;
    this.operands = site.operands(1, Integer.MAX_VALUE);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(operands);
  }

  private int axis(int rank) {
    return site.axis(site.node().integer("axis", 1), rank);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] shape = operands.get(0).clone();
    int axis = axis(shape.length);
    shape[axis] = 0;
    for (long[] operand : operands) {
      long[] others = operand.clone();
      if (others.length != shape.length) {
        throw site.mismatch(operands);
      }
      others[axis] = shape[axis];
      if (!Arrays.equals(others, shape)) {
        throw site.mismatch(operands);
      }
      shape[axis] = Math.addExact(shape[axis], operand[axis]);
    }
    return shape;
  }

  @Override
  public int[] sources(List<long[]> operands) {
    long[] shape = shape(operands);
    int axis = axis(shape.length);
    int[] sources = new int[Math.toIntExact(Tensor.elements(shape))];
    int width = inner(shape, axis);
    int column = 0;
    int first = 0;
    for (long[] operand : operands) {
      int own = inner(operand, axis);
      int elements = Math.toIntExact(Tensor.elements(operand));
      for (int i = 0; i < elements; i++) {
        sources[i / own * width + column + i % own] = first + i;
      }
      column += own;
      first += elements;
    }
    return sources;
  }

  /** Elements of the axis and those after it. */
  private static int inner(long[] shape, int axis) {
    return (int) Tensor.elements(Arrays.copyOfRange(shape, axis, shape.length));
  }
}
