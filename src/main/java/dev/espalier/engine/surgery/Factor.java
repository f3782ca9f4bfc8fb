package dev.espalier.engine.surgery;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which unit the elements of a value belong to, as far as it depends on their position along some
 * axes; along all other axes it is the same. Of a removed unit, the elements are zero where the
 * model is masked or, if not, the same constant along all other axes and for any input.
 */
final class Factor {
  private final int[] axes;
  private final int[] dims;
  private final int[] units;
  private final boolean[] zero;

  private Factor(int[] axes, int[] dims, int[] units, boolean... zero) {
    this.axes = axes;
    this.dims = dims;
    this.units = units;
    this.zero = zero;
  }

  /** Units along one axis. */
  static Factor along(int axis, int[] units, boolean... zero) {
    return new Factor(new int[] {axis}, new int[] {units.length}, units, zero);
  }

  /** Units along one axis, all zero or all constant when removed. */
  static Factor along(int axis, boolean zero, int... units) {
    boolean[] all = new boolean[units.length];
    Arrays.fill(all, zero);
    return along(axis, units, all);
  }

  int[] axes() {
    return axes.clone();
  }

  boolean touches(int axis) {
    return Arrays.binarySearch(axes, axis) >= 0;
  }

  /** Whether it depends on {@code axis} alone. */
  boolean isAlong(int axis) {
    return axes.length == 1 && axes[0] == axis;
  }

  boolean isJoint() {
    return axes.length > 1;
  }

  /** The axis with the most positions, of several the last. */
  int longest() {
    int longest = 0;
    for (int i = 1; i < axes.length; i++) {
      longest = dims[i] >= dims[longest] ? i : longest;
    }
    return axes[longest];
  }

  /** Number of positions. */
  int size() {
    return units.length;
  }

  int unit(int i) {
    return units[i];
  }

  int[] units() {
    return units.clone();
  }

  boolean zero(int i) {
    return zero[i];
  }

  boolean[] zeros() {
    return zero.clone();
  }

  boolean isZero() {
    return IntStream.range(0, zero.length).allMatch(i -> zero[i] || units[i] == Units.FIXED);
  }

  /** The same units where other elements are zero. */
  Factor with(boolean... other) {
    return new Factor(axes, dims, units, other);
  }

  /** The same units, none of which is known to be zero. */
  Factor constant() {
    return with(new boolean[zero.length]);
  }

  /** Other units at the same positions. */
  Factor withUnits(int... other) {
    return new Factor(axes, dims, other, zero);
  }

  /** The same, spelled out along more axes. */
  Factor over(int[] moreAxes, int... moreDims) {
    int[] strides = new int[moreAxes.length];
    int stride = 1;
    for (int i = axes.length - 1; i >= 0; i--) {
      strides[Arrays.binarySearch(moreAxes, axes[i])] = stride;
      stride *= dims[i];
    }
    return gathered(moreAxes, moreDims, strides);
  }

  /** Reads this one's elements along {@code newAxes} with some strides. */
  private Factor gathered(int[] newAxes, int[] newDims, int... strides) {
    int count =
        Math.toIntExact(IntStream.of(newDims).asLongStream().reduce(1, Math::multiplyExact));
    int[] spread = new int[count];
    boolean[] spreadZero = new boolean[count];
    int[] index = new int[newAxes.length];
    int source = 0;
    for (int i = 0; i < count; i++) {
      spread[i] = units[source];
      spreadZero[i] = zero[source];
      for (int a = newAxes.length - 1; a >= 0; a--) {
        source += strides[a];
        if (++index[a] < newDims[a]) {
          break;
        }
        source -= strides[a] * newDims[a];
        index[a] = 0;
      }
    }
    return new Factor(newAxes.clone(), newDims.clone(), spread, spreadZero);
  }

  /** The same with every axis somewhere else. */
  Factor moved(IntUnaryOperator to) {
    int[] strides = strides();
    int[] order =
        IntStream.range(0, axes.length)
            .boxed()
            .sorted((a, b) -> to.applyAsInt(axes[a]) - to.applyAsInt(axes[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    return gathered(
        IntStream.of(order).map(i -> to.applyAsInt(axes[i])).toArray(),
        IntStream.of(order).map(i -> dims[i]).toArray(),
        IntStream.of(order).map(i -> strides[i]).toArray());
  }

  private int[] strides() {
    int[] strides = new int[axes.length];
    int stride = 1;
    for (int i = axes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strides;
  }

  /** The same elements, in the same order, along other axes. */
  Factor reshaped(int[] newAxes, int... newDims) {
    int[] wide = IntStream.range(0, newAxes.length).filter(i -> newDims[i] > 1).toArray();
    return new Factor(
        IntStream.of(wide).map(i -> newAxes[i]).toArray(),
        IntStream.of(wide).map(i -> newDims[i]).toArray(),
        units,
        zero);
  }

  /** What is at some positions along one of its axes. */
  Factor selected(int axis, int... positions) {
    int at = Arrays.binarySearch(axes, axis);
    int[] newDims = dims.clone();
    newDims[at] = positions.length;
    int inner = strides()[at];
    int count = IntStream.of(newDims).reduce(1, Math::multiplyExact);
    int[] chosen = new int[count];
    boolean[] chosenZero = new boolean[count];
    for (int i = 0; i < count; i++) {
      int position = i / inner % positions.length;
      int outer = i / inner / positions.length;
      int source = (outer * dims[at] + positions[position]) * inner + i % inner;
      chosen[i] = units[source];
      chosenZero[i] = zero[source];
    }
    return new Factor(axes, newDims, chosen, chosenZero).reshaped(axes, newDims);
  }

  /**
   * Unites what differs along all axes but one, so that whole slices across that axis can go.
   *
   * @param why slices stay whose elements are not known to be the same
   */
  Factor separate(int axis, Units all, String why) {
    int at = Arrays.binarySearch(axes, axis);
    int inner = strides()[at];
    int[] slices = new int[dims[at]];
    boolean[] slicesZero = new boolean[dims[at]];
    Arrays.fill(slices, -1);
    Arrays.fill(slicesZero, true);
    for (int i = 0; i < units.length; i++) {
      int slice = i / inner % dims[at];
      slicesZero[slice] &= zero[i];
      if (slices[slice] < 0) {
        slices[slice] = units[i];
      } else if (slices[slice] == Units.FIXED) {
        all.pin(units[i], why);
      } else {
        all.unite(slices[slice], units[i], why);
      }
    }
    for (int slice = 0; isJoint() && slice < slices.length; slice++) {
      if (!slicesZero[slice]) {
        all.pin(slices[slice], why);
      }
    }
    return along(axis, slices, slicesZero);
  }

  /** Without the axes along which units are the same and zero. */
  Factor simplified(Units all) {
    for (int a = 0; isJoint() && a < axes.length; a++) {
      if (isSameAlong(a, all)) {
        int axis = axes[a];
        Factor first = selected(axis, 0);
        return first.simplified(all);
      }
    }
    return this;
  }

  private boolean isSameAlong(int a, Units all) {
    int inner = strides()[a];
    for (int i = 0; i < units.length; i++) {
      int first = i - i / inner % dims[a] * inner;
      if (!zero[i] || all.find(units[i]) != all.find(units[first])) {
        return false;
      }
    }
    return true;
  }
}
