package dev.espalier.engine.format.dl4j;

import java.util.List;

/**
 * Zero padding or cropping of images or sequences.
 *
 * @param axes 2 for images, 1 for sequences
 * @param crops whether elements are taken away rather than added
 * @param amounts per axis before, then after: top, bottom, left, right
 */
record Borders(Site site, int axes, boolean crops, List<Long> amounts) implements Layer {

  static Borders of(Site site, int axes, boolean crops) {
    String field = crops ? "cropping" : "padding";
    return new Borders(site, axes, crops, amounts(site.fields(), field, axes));
  }

  /** The oldest files have one number per axis. */
  private static List<Long> amounts(Fields layer, String field, int axes) {
    List<Integer> given = layer.list(field, 0);
    if (given.size() == axes) {
      return given.stream().flatMap(n -> List.of((long) n, (long) n).stream()).toList();
    }
    return layer.integers(field, 2 * axes, 0, 0);
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    if (axes == 1) {
      site.requireSequence(value, false, Width.unknown());
    } else {
      site.requireImage(value, site.channelsLast("dataFormat"), Width.unknown());
    }
    return crops ? cropped(graph, value) : padded(graph, value);
  }

  private Value padded(Assembly graph, Value value) {
    int rank = 2 + axes;
    long[] pads = new long[2 * rank];
    for (int axis = 0; axis < axes; axis++) {
      pads[2 + axis] = amounts.get(2 * axis);
      pads[rank + 2 + axis] = amounts.get(2 * axis + 1);
    }
    return graph.append(site.name(), "Pad", value, graph.integers(site.name() + "/pads", pads));
  }

  private Value cropped(Assembly graph, Value value) {
    long[] starts = new long[axes];
    long[] ends = new long[axes];
    long[] over = new long[axes];
    for (int axis = 0; axis < axes; axis++) {
      starts[axis] = amounts.get(2 * axis);
      long after = amounts.get(2 * axis + 1);
      ends[axis] = after == 0 ? Long.MAX_VALUE : -after;
      over[axis] = 2L + axis;
    }
    return Slices.of(graph, site.name(), value, starts, ends, over);
  }
}
