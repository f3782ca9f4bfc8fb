package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/** An operator that reduces each channel to one element; its spatial axes stay with size 1. */
interface GlobalPool extends Operator.Computed {
  /** Where it stands. */
  Site site();

  @Override
  default List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  default long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    if (x.length < 3) {
      throw site().mismatch(operands);
    }
    long[] shape = x.clone();
    Arrays.fill(shape, 2, shape.length, 1);
    return shape;
  }
}
