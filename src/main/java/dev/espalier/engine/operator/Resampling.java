package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Sizes and coordinates of ONNX's <a
 * href="https://onnx.ai/onnx/operators/onnx__Resize.html">Resize</a> and its predecessor Upsample.
 */
final class Resampling {
  private final Site site;
  private final Optional<double[]> scales;
  private final Optional<long[]> sizes;
  private final String coordinates;

  Resampling(Site site) {
    this.site = site;
    boolean modern = site.node().operator().equals("Resize") && site.opset() > 10;
    this.coordinates =
        site.node().text("coordinate_transformation_mode", modern ? "half_pixel" : "asymmetric");
    this.scales = scales(modern);
    this.sizes = modern ? site.integers(3).filter(values -> values.length > 0) : Optional.empty();
    if (scales.isEmpty() == sizes.isEmpty()) {
      throw site.untrainable("needs either scales or sizes");
    }
    boolean stretched = site.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch");
    if (site.node().integer("antialias", 0) != 0 || !stretched) {
      throw site.untrainable("filters or keeps the aspect ratio");
    }
  }

  private Optional<double[]> scales(boolean modern) {
    if (site.node().attributes().get("scales") instanceof Attribute.Reals reals) {
      return Optional.of(reals.values().stream().mapToDouble(Float::doubleValue).toArray());
    }
    Optional<Tensor> given = site.constant(modern ? 2 : 1);
    return given.map(Numbers::doubles).filter(values -> values.length > 0);
  }

  /** What one axis becomes. */
  record Axis(int input, int output, double scale) {}

  /** What the axes of a tensor become. */
  Axis[] axes(long... x) {
    long[] listed = site.node().integers("axes", LongStream.range(0, x.length).toArray());
    site.axes(x.length, listed);
    Axis[] axes = new Axis[x.length];
    Arrays.setAll(axes, axis -> new Axis((int) x[axis], (int) x[axis], 1));
    int given = scales.map(values -> values.length).orElseGet(() -> sizes.orElseThrow().length);
    if (given != listed.length) {
      throw site.untrainable("resizes " + given + " of " + listed.length + " axes");
    }
    for (int i = 0; i < listed.length; i++) {
      int axis = site.axis(listed[i], x.length);
      int at = i;
      double scale =
          scales
              .map(values -> values[at])
              .orElseGet(() -> (double) sizes.orElseThrow()[at] / x[axis]);
      double size = sizes.map(values -> (double) values[at]).orElse(Math.floor(x[axis] * scale));
      if (!(size >= 1 && size <= Integer.MAX_VALUE)) {
        throw site.untrainable("has a result of " + size + " elements along axis " + axis);
      }
      axes[axis] = new Axis((int) x[axis], (int) size, scale);
    }
    return axes;
  }

  /** Where element {@code o} of a result's axis lies on the operand's. */
  double coordinate(Axis axis, int o) {
    if (axis.input() == axis.output() && axis.scale() == 1) {
      return o;
    }
    return switch (coordinates) {
      case "half_pixel" -> (o + 0.5) / axis.scale() - 0.5;
      case "pytorch_half_pixel" -> axis.output() > 1 ? (o + 0.5) / axis.scale() - 0.5 : 0;
      case "align_corners" ->
          axis.output() > 1 ? o * (axis.input() - 1.0) / (axis.output() - 1.0) : 0;
      case "asymmetric" -> o / axis.scale();
      default -> throw site.untrainable("maps coordinates by '" + coordinates + "'");
    };
  }
}
