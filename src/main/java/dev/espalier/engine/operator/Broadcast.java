package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a small tensor is repeated over a larger one, by the rule ONNX shares with numpy: shapes are
 * aligned at their last axes, and an axis of size 1 or none is repeated. The large tensor is worked
 * on in rows that lie together in the small one too, or are one element of it; rows in blocks that
 * fit the first cache level.
 */
final class Broadcast {
  /** Most elements of a row worked on at a time. */
  static final int BLOCK = 1024;

  private final int[] starts;
  private final int width;
  private final boolean repeated;
  private final boolean same;
  private final double[] sums;
  private final float[] block = new float[BLOCK];
  private final float[] other = new float[BLOCK];

  private Broadcast(long[] small, long[] large, int inner) {
    long[] own = Layout.strides(small);
    long[] strides = new long[large.length];
    boolean moves = false;
    for (int axis = 0; axis < small.length; axis++) {
      int at = large.length - small.length + axis;
      strides[at] = small[axis] == 1 ? 0 : own[axis];
      moves |= at >= inner && small[axis] != 1;
    }
    starts = Layout.positions(Arrays.copyOf(large, inner), Arrays.copyOf(strides, inner));
    width = (int) Tensor.elements(Arrays.copyOfRange(large, inner, large.length));
    repeated = !moves && width > 1;
    int size = (int) Tensor.elements(small);
    same = size == Tensor.elements(large);
    sums = new double[same ? 0 : size];
  }

  /** A repetition of {@code small}, which broadcasts to {@code large}, over the latter. */
  static Broadcast of(long[] small, long[] large) {
    return of(List.of(small), large).get(0);
  }

  /** Repetitions of several tensors over the same one, with the same rows. */
  static List<Broadcast> of(List<long[]> smalls, long[] large) {
    int inner = large.length;
    boolean[] moving = new boolean[smalls.size()];
    boolean[] decided = new boolean[smalls.size()];
    while (inner > 0 && agrees(smalls, large, inner - 1, moving, decided)) {
      inner--;
    }
    int first = inner;
    return smalls.stream().map(small -> new Broadcast(small, large, first)).toList();
  }

  /** Whether every tensor goes on along that axis as along those after it. */
  private static boolean agrees(
      List<long[]> smalls, long[] large, int axis, boolean[] moving, boolean[] decided) {
    if (large[axis] == 1) {
      return true;
    }
    for (int i = 0; i < moving.length; i++) {
      if (decided[i] && moves(smalls.get(i), large, axis) != moving[i]) {
        return false;
      }
    }
    for (int i = 0; i < moving.length; i++) {
      moving[i] = moves(smalls.get(i), large, axis);
      decided[i] = true;
    }
    return true;
  }

  private static boolean moves(long[] small, long[] large, int axis) {
    int own = axis - (large.length - small.length);
    return own >= 0 && small[own] != 1;
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

  /** Number of rows of the large tensor. */
  int rows() {
    return starts.length;
  }

  /** Elements of a row. */
  int width() {
    return width;
  }

  /** Reads {@code n} elements of a row from element {@code at} on, out of the small tensor. */
  void load(FloatBuffer small, int row, int at, float[] into, int n) {
    if (repeated) {
      Arrays.fill(into, 0, n, small.get(starts[row]));
    } else {
      small.get(starts[row] + at, into, 0, n);
    }
  }

  /** Begins to sum over repetitions. */
  void clear() {
    Arrays.fill(sums, 0);
  }

  /** Adds {@code n} elements of a row from element {@code at} on to the sums. */
  void accumulate(FloatBuffer small, int row, int at, float[] values, int n) {
    int start = starts[row];
    if (same) {
      small.put(start + at, values, 0, n);
    } else if (repeated) {
      sums[start] += Buffers.sum(values, n);
    } else {
      for (int i = 0; i < n; i++) {
        sums[start + at + i] += values[i];
      }
    }
  }

  /** Writes the sums, times a factor. */
  void store(FloatBuffer small, float factor) {
    for (int i = 0; i < sums.length; i++) {
      small.put(i, (float) (factor * sums[i]));
    }
  }

  /** Writes the repeated values of {@code small}, times a factor, into {@code large}. */
  void copy(FloatBuffer small, FloatBuffer large, float factor) {
    for (int row = 0; row < rows(); row++) {
      for (int at = 0; at < width; at += BLOCK) {
        int n = Math.min(BLOCK, width - at);
        load(small, row, at, block, n);
        if (factor != 1f) {
          Buffers.scale(block, n, factor);
        }
        large.put(row * width + at, block, 0, n);
      }
    }
  }

  /** Adds the repeated values of {@code small} to {@code large}. */
  void add(FloatBuffer small, FloatBuffer large) {
    for (int row = 0; row < rows(); row++) {
      for (int at = 0; at < width; at += BLOCK) {
        int n = Math.min(BLOCK, width - at);
        load(small, row, at, block, n);
        large.get(row * width + at, other, 0, n);
        Buffers.add(block, other, n);
        large.put(row * width + at, other, 0, n);
      }
    }
  }

  /** Writes into {@code small} the sums over all places each of its elements was repeated to. */
  void reduce(FloatBuffer large, FloatBuffer small, float factor) {
    clear();
    for (int row = 0; row < rows(); row++) {
      for (int at = 0; at < width; at += BLOCK) {
        int n = Math.min(BLOCK, width - at);
        large.get(row * width + at, block, 0, n);
        if (same && factor != 1f) {
          Buffers.scale(block, n, factor);
        }
        accumulate(small, row, at, block, n);
      }
    }
    store(small, factor);
  }
}
