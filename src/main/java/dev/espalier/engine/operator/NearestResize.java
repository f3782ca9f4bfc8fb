package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A resize that takes the nearest element along each axis. */
final class NearestResize implements AxisMovement {
  private final Site site;
  private final Resampling resampling;
  private final String rounding;

  private NearestResize(Site site) {
    this.site = site;
    this.resampling = new Resampling(site);
    boolean modern = site.node().operator().equals("Resize") && site.opset() > 10;
    this.rounding = site.node().text("nearest_mode", modern ? "round_prefer_floor" : "floor");
  }

  /** The resize of a node, by its mode. */
  static Operator of(Site site) {
    String mode = site.node().text("mode", "nearest");
    return switch (mode) {
      case "nearest" -> new NearestResize(site);
      case "linear", "bilinear" -> new LinearResize(site);
      default -> throw site.untrainable("interpolates by '" + mode + "'");
    };
  }

  @Override
  public List<int[]> chosen(long... x) {
    return Arrays.stream(resampling.axes(x))
        .map(
            axis ->
                IntStream.range(0, Layout.length(axis.output()))
                    .map(o -> nearest(axis, o))
                    .toArray())
        .toList();
  }

  private int nearest(Resampling.Axis axis, int o) {
    double coordinate = resampling.coordinate(axis, o);
    double rounded =
        switch (rounding) {
          case "floor" -> Math.floor(coordinate);
          case "ceil" -> Math.ceil(coordinate);
          case "round_prefer_floor" -> Math.ceil(coordinate - 0.5);
          case "round_prefer_ceil" -> Math.floor(coordinate + 0.5);
          default -> throw site.untrainable("rounds by '" + rounding + "'");
        };
    return (int) Math.max(0, Math.min(axis.input() - 1, rounded));
  }
}
