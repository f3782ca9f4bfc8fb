package dev.espalier.engine.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Pad.html">Pad</a> by constant widths (an
 * attribute before opset 11, then an input; negative ones crop) with a constant, the edge, or the
 * tensor reflected or wrapped around.
 */
final class Pad implements AxisMovement {
  private final Site site;
  private final long[] pads;
  private final String mode;

  Pad(Site site) {
    this.site = site;
    this.pads = site.integers("pads", 1).orElseThrow(() -> site.untrainable("has no pads"));
    this.mode = site.node().text("mode", "constant");
  }

  @Override
  public float fill() {
    return site.real("value", 2, 0f);
  }

  @Override
  public List<int[]> chosen(long... x) {
    long[] axes = site.integers(3).orElseGet(() -> LongStream.range(0, x.length).toArray());
    if (pads.length != 2 * axes.length) {
      throw site.untrainable("has " + pads.length + " pads for " + axes.length + " axes");
    }
    site.axes(x.length, axes);
    List<int[]> chosen = new ArrayList<>();
    LongStream.of(x).forEach(dimension -> chosen.add(Layout.all(dimension)));
    for (int i = 0; i < axes.length; i++) {
      int axis = site.axis(axes[i], x.length);
      int before = Math.toIntExact(pads[i]);
      int end = Math.toIntExact(Math.addExact(x[axis], pads[i + axes.length]));
      int size = (int) x[axis];
      Layout.length((long) end + before);
      chosen.set(axis, IntStream.range(-before, end).map(index -> source(index, size)).toArray());
    }
    return chosen;
  }

  private int source(int index, int size) {
    if (index >= 0 && index < size) {
      return index;
    }
    return switch (mode) {
      case "constant" -> FILL;
      case "edge" -> index < 0 ? 0 : size - 1;
      case "reflect" -> reflected(index, size);
      case "wrap" -> Math.floorMod(index, size);
      default -> throw site.untrainable("pads by '" + mode + "'");
    };
  }

  private int reflected(int index, int size) {
    int mirrored = index < 0 ? -index : 2 * (size - 1) - index;
    if (mirrored < 0 || mirrored >= size) {
      throw site.untrainable("reflects more than an axis of " + size + " holds");
    }
    return mirrored;
  }
}
