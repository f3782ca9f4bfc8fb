package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Where elements lie in row-major tensors. */
final class Layout {
  private static final int LONGEST = 1 << 24;

  private Layout() {}

  /** How far apart neighbours along each axis are. */
  static long[] strides(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }

  /** Positions {@code Σ indexᵃ·strideᵃ} of the elements of a tensor shaped {@code shape}. */
  static int[] positions(long[] shape, long[] strides) {
    int[] positions = new int[Math.toIntExact(Tensor.elements(shape))];
    long[] index = new long[shape.length];
    int position = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = position;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        position += (int) strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        position -= (int) (index[axis] * strides[axis]);
        index[axis] = 0;
      }
    }
    return positions;
  }

  /** For every element of {@code large}, the element of {@code small} repeated there. */
  static int[] repeated(long[] small, long[] large) {
    long[] own = strides(small);
    long[] strides = new long[large.length];
    for (int axis = 0; axis < small.length; axis++) {
      strides[large.length - small.length + axis] = small[axis] == 1 ? 0 : own[axis];
    }
    return positions(large, strides);
  }

  /**
   * Elements at the chosen indices of each axis.
   *
   * @param shape shape of the tensor chosen from
   * @param chosen indices per axis; {@link Movement#FILL} for none
   * @return positions in it, {@link Movement#FILL} where an index is none
   */
  static int[] chosen(long[] shape, List<int[]> chosen) {
    int[] positions = {0};
    long[] strides = strides(shape);
    for (int axis = 0; axis < shape.length; axis++) {
      int[] indices = chosen.get(axis);
      int[] longer = new int[Math.multiplyExact(positions.length, indices.length)];
      for (int i = 0; i < longer.length; i++) {
        int outer = positions[i / indices.length];
        int index = indices[i % indices.length];
        boolean none = outer == Movement.FILL || index == Movement.FILL;
        longer[i] = none ? Movement.FILL : outer + index * (int) strides[axis];
      }
      positions = longer;
    }
    return positions;
  }

  /**
   * The length of an axis whose indices are to be listed.
   *
   * @throws IllegalArgumentException when a list of them would take more than 64 MiB
   */
  static int length(long dimension) {
    if (dimension > LONGEST) {
      throw new IllegalArgumentException("an axis of " + dimension + " is too long to train");
    }
    return (int) dimension;
  }

  /** All indices of an axis. */
  static int[] all(long dimension) {
    int[] indices = new int[length(dimension)];
    Arrays.setAll(indices, i -> i);
    return indices;
  }
}
