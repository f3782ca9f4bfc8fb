package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html">GlobalMaxPool</a>: the
 * largest element of each channel, whose spatial axes stay with size 1.
 */
record GlobalMaxPool(Site site) implements Operator.Computed {
  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    if (x.length < 3) {
      throw site.mismatch(operands);
    }
    long[] shape = x.clone();
    Arrays.fill(shape, 2, shape.length, 1);
    return shape;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    boolean[] reduced = new boolean[operands.get(0).data().rank()];
    IntStream.range(2, reduced.length).forEach(axis -> reduced[axis] = true);
    return new ExtremeStep(operands.get(0), result, reduced, 1);
  }
}
