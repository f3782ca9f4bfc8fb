package dev.espalier.engine.mask;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where the elements of a stored tensor stand in a value that holds all of them, after axes were
 * exchanged, split or joined.
 *
 * @param axes of the value, each as extents of the stored tensor, outermost first
 */
record StridedView(List<List<Extent>> axes) {
  /** Copies the lists. */
  StridedView {
    axes = axes.stream().map(List::copyOf).toList();
  }

  /** The tensor itself, which has at least one element and at most 2^31. */
  static StridedView of(long... shape) {
    List<List<Extent>> axes = new ArrayList<>();
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int size = Math.toIntExact(shape[axis]);
      axes.add(Extent.merged(List.of(new Extent(size, stride))));
      stride = Math.multiplyExact(stride, size);
    }
    Collections.reverse(axes);
    return new StridedView(axes);
  }

  int rank() {
    return axes.size();
  }

  /** An axis; negative ones count from the last. */
  List<Extent> axis(int axis) {
    return axes.get(axis < 0 ? axis + rank() : axis);
  }

  int size(int axis) {
    return Extent.size(axis(axis));
  }

  /** The extents of some axes, outermost first. */
  List<Extent> axes(int from, int to) {
    return axes.subList(from, to).stream().flatMap(List::stream).toList();
  }

  /** With axes exchanged; empty when {@code order} does not name each axis once. */
  Optional<StridedView> transposed(long... order) {
    List<List<Extent>> exchanged = new ArrayList<>();
    boolean[] seen = new boolean[rank()];
    for (long axis : order) {
      if (axis < 0 || axis >= rank() || seen[(int) axis]) {
        return Optional.empty();
      }
      seen[(int) axis] = true;
      exchanged.add(axes.get((int) axis));
    }
    return exchanged.size() == rank() ? Optional.of(new StridedView(exchanged)) : Optional.empty();
  }

  /**
   * The same elements in the same order along other axes.
   *
   * @return empty when the elements are not as many, or an axis would have no regular strides
   */
  Optional<StridedView> reshaped(long... shape) {
    List<Extent> left = new ArrayList<>(Extent.merged(axes(0, rank())));
    List<List<Extent>> split = new ArrayList<>();
    for (long size : shape) {
      List<Extent> axis = new ArrayList<>();
      long wanted = size;
      if (size < 1) {
        return Optional.empty();
      }
      while (wanted > 1) {
        Extent next = left.isEmpty() ? new Extent(1, 0) : left.remove(0);
        if (next.size() > 1 && wanted % next.size() == 0) {
          axis.add(next);
          wanted /= next.size();
        } else if (next.size() % wanted == 0) {
          int rest = (int) (next.size() / wanted);
          axis.add(new Extent((int) wanted, next.stride() * rest));
          left.add(0, new Extent(rest, next.stride()));
          wanted = 1;
        } else {
          return Optional.empty();
        }
      }
      split.add(Extent.merged(axis));
    }
    boolean whole = left.stream().allMatch(rest -> rest.size() == 1);
    return whole ? Optional.of(new StridedView(split)) : Optional.empty();
  }
}
