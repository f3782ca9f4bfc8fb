package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.List;

/** A movement that chooses indices along each axis of one operand. */
interface AxisMovement extends Movement {
  /**
   * What is chosen.
   *
   * @param x shape of the operand
   * @return indices per axis, {@link #FILL} for none
   */
  List<int[]> chosen(long... x);

  @Override
  default List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  default long[] shape(List<long[]> operands) {
    long[] shape = chosen(operands.get(0)).stream().mapToLong(indices -> indices.length).toArray();
    if (Tensor.elements(shape) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("tensor exceeds 2 GiB");
    }
    return shape;
  }

  @Override
  default int[] sources(List<long[]> operands) {
    return Layout.chosen(operands.get(0), chosen(operands.get(0)));
  }
}
