package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a small tensor is repeated over a larger one, by the rule ONNX shares with numpy: shapes are
 * aligned at their last axes, and an axis of size 1 or none is repeated.
 */
final class Broadcast {
  private final int[] rows;
  private final int width;
  private final boolean repeated;

  /**
   * A repetition of {@code small} over {@code large}.
   *
   * @param small shape that broadcasts to {@code large}
   */
  Broadcast(long[] small, long[] large) {
    // A row is a run of the last axis: contiguous in the small tensor, or one repeated element.
    width = large.length == 0 ? 1 : (int) large[large.length - 1];
    repeated = small.length == 0 || small[small.length - 1] == 1;
    rows = new int[width == 0 ? 0 : (int) (Tensor.elements(large) / width)];
    for (int row = 0; row < rows.length; row++) {
      int rest = row;
      int stride = small.length == 0 ? 1 : (int) small[small.length - 1];
      for (int back = 2; back <= large.length; back++) {
        int index = (int) (rest % large[large.length - back]);
        rest /= (int) large[large.length - back];
        long dimension = back <= small.length ? small[small.length - back] : 1;
        rows[row] += dimension == 1 ? 0 : index * stride;
        stride *= (int) dimension;
      }
    }
  }

  /** The shape two shapes broadcast to; empty when they do not. */
  static Optional<long[]> shape(long[] a, long[] b) {
    long[] shape = new long[Math.max(a.length, b.length)];
    for (int back = 1; back <= shape.length; back++) {
      long p = back <= a.length ? a[a.length - back] : 1;
      long q = back <= b.length ? b[b.length - back] : 1;
      if (p != q && p != 1 && q != 1) {
        return Optional.empty();
      }
      shape[shape.length - back] = p == 1 ? q : p;
    }
    return Optional.of(shape);
  }

  /** Whether {@code small} can be repeated over {@code large} without changing the latter. */
  static boolean fits(long[] small, long[] large) {
    return shape(small, large).filter(shape -> Arrays.equals(shape, large)).isPresent();
  }

  /** Writes the repeated values of {@code small} into {@code large}. */
  void copy(FloatBuffer small, FloatBuffer large) {
    float[] row = new float[width];
    for (int r = 0; r < rows.length; r++) {
      load(small, r, row);
      large.put(r * width, row);
    }
  }

  /** Adds the repeated values of {@code small} to {@code large}. */
  void add(FloatBuffer small, FloatBuffer large) {
    float[] row = new float[width];
    float[] sum = new float[width];
    for (int r = 0; r < rows.length; r++) {
      load(small, r, row);
      large.get(r * width, sum);
      for (int i = 0; i < width; i++) {
        sum[i] += row[i];
      }
      large.put(r * width, sum);
    }
  }

  private void load(FloatBuffer small, int row, float[] into) {
    if (repeated) {
      Arrays.fill(into, small.get(rows[row]));
    } else {
      small.get(rows[row], into);
    }
  }

  /** Writes into {@code small} the sums over all places each of its elements was repeated to. */
  void reduce(FloatBuffer large, FloatBuffer small, float factor) {
    double[] sums = new double[small.capacity()];
    float[] row = new float[width];
    for (int r = 0; r < rows.length; r++) {
      large.get(r * width, row);
      if (repeated) {
        double sum = 0;
        for (float value : row) {
          sum += value;
        }
        sums[rows[r]] += sum;
      } else {
        for (int i = 0; i < width; i++) {
          sums[rows[r] + i] += row[i];
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      small.put(i, (float) (factor * sums[i]));
    }
  }
}
