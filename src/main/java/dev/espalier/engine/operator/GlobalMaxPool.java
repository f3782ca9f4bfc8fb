package dev.espalier.engine.operator;

import java.util.List;
import java.util.stream.IntStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html">GlobalMaxPool</a>: the
 * largest element of each channel, whose spatial axes stay with size 1.
 */
record GlobalMaxPool(Site site) implements GlobalPool {
  @Override
  public Step bind(List<Value> operands, Value result) {
    boolean[] reduced = new boolean[operands.get(0).data().rank()];
    IntStream.range(2, reduced.length).forEach(axis -> reduced[axis] = true);
    return new ExtremeStep(operands.get(0), result, reduced, 1);
  }
}
