package dev.espalier.engine.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Slice.html">Slice</a>: every step-th index
 * from start up to (or, with a negative step, down to) and without end, per axis; negative starts
 * and ends count from the last index, those beyond the axis are clamped. Before opset 10 starts,
 * ends and axes are attributes and steps are 1.
 */
final class Slice implements AxisMovement {
  private final Site site;
  private final long[] starts;
  private final long[] ends;
  private final long[] axes;
  private final long[] steps;

  Slice(Site site) {
    this.site = site;
    this.starts = site.integers("starts", 1).orElseGet(() -> new long[0]);
    this.ends = site.integers("ends", 2).orElseGet(() -> new long[0]);
    this.axes =
        site.integers("axes", 3).orElseGet(() -> LongStream.range(0, starts.length).toArray());
    this.steps =
        site.integers(4).orElseGet(() -> LongStream.generate(() -> 1).limit(axes.length).toArray());
    if (starts.length != ends.length
        || starts.length != axes.length
        || starts.length != steps.length
        || LongStream.of(steps).anyMatch(step -> step == 0)) {
      throw site.untrainable("starts, ends, axes and steps do not fit together");
    }
  }

  @Override
  public List<int[]> chosen(long... x) {
    List<int[]> chosen = new ArrayList<>();
    LongStream.of(x).forEach(dimension -> chosen.add(Layout.all(dimension)));
    site.axes(x.length, axes);
    for (int i = 0; i < axes.length; i++) {
      int axis = site.axis(axes[i], x.length);
      chosen.set(axis, indices(x[axis], starts[i], ends[i], steps[i]));
    }
    return chosen;
  }

  private static int[] indices(long dimension, long start, long end, long step) {
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? dimension : dimension - 1;
    long from = clamp(start, dimension, step > 0 ? 0 : lowest + 1, highest);
    long to = clamp(end, dimension, lowest, highest);
    long distance = step > 0 ? to - from : from - to;
    // Beyond the axis' length every step is as long as it.
    long pace = Math.min(step > 0 ? step : step == Long.MIN_VALUE ? dimension : -step, dimension);
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.max(pace, 1) + 1);
    return IntStream.range(0, count)
        .map(i -> (int) (from + (step > 0 ? pace : -pace) * i))
        .toArray();
  }

  private static long clamp(long index, long dimension, long least, long most) {
    long fromFront = index < 0 ? Math.max(index, -dimension - 1) + dimension : index;
    return Math.min(Math.max(fromFront, least), most);
  }
}
