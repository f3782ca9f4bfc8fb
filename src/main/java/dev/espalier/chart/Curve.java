package dev.espalier.chart;

import dev.espalier.contract.ModelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The metric against the sparsity, step by step on the search half, the lowest or highest value
 * that the gate tolerates, and the verdict with its bound.
 *
 * @param metric name of the metric
 * @param columns ticks of the sparsity
 * @param rows ticks of the metric
 * @param path of the line through the steps, as SVG writes it; empty below two steps
 * @param dots one for each step
 * @param baseline the model as it came, on the verdict half; absent when that was not opened
 * @param tolerated the worst value that the gate tolerates; absent likewise
 * @param verdict what the verdict half said; absent likewise
 */
public record Curve(
    String metric,
    List<Scale.Tick> columns,
    List<Scale.Tick> rows,
    String path,
    List<Dot> dots,
    @Nullable Level baseline,
    @Nullable Level tolerated,
    @Nullable Interval verdict) {
  private static final double LEFT = 64;
  private static final double RIGHT = 620;
  private static final double TOP = 16;
  private static final double BOTTOM = 284;

  /** A step that was taken, and what came of it. */
  public record Point(double sparsity, double metric, boolean accepted, String title) {}

  /** A step, drawn. */
  public record Dot(String x, String y, String kind, String title) {}

  /** A height that is drawn across, and where its label stands. */
  public record Level(String y, String labelY, String value) {}

  /** An estimate and its bound. */
  public record Interval(String x, String estimate, String bound, String title) {}

  /** The curve of a result; absent when there is nothing to draw. */
  public static @Nullable Curve of(
      ModelResult.Result result, String metric, ModelResult.@Nullable Gate gate) {
    List<Point> points = new ArrayList<>();
    if (result.trajectory() != null) {
      result.trajectory().forEach(step -> addTo(points, step));
    }
    return points.isEmpty() ? null : drawn(points, metric, result.sparsity(), gate);
  }

  /** The curve of a job that still runs; absent before its first step. */
  public static @Nullable Curve of(List<Point> points, String metric) {
    return points.isEmpty() ? null : drawn(points, metric, null, null);
  }

  private static void addTo(List<Point> points, ModelResult.Step step) {
    Double metric = step.metric();
    if (metric != null) {
      String title =
          String.format(
              Locale.ROOT,
              "step %d, %s: sparsity %.4f, %.4f, %s",
              step.step(),
              step.criterion().wire(),
              step.sparsity(),
              metric,
              step.accepted() ? "within the tolerance" : "outside the tolerance");
      points.add(new Point(step.sparsity(), metric, step.accepted(), title));
    }
  }

  private static Curve drawn(
      List<Point> points,
      String metric,
      @Nullable Double sparsity,
      ModelResult.@Nullable Gate gate) {
    List<Double> heights =
        points.stream().map(Point::metric).collect(Collectors.toCollection(ArrayList::new));
    if (gate != null) {
      heights.addAll(List.of(gate.baseline(), worst(gate), gate.pruned(), bound(gate)));
    }
    Scale x = new Scale(0, 1, LEFT, RIGHT);
    Scale y = Scale.around(heights, BOTTOM, TOP);
    List<Dot> dots =
        points.stream()
            .map(
                point ->
                    new Dot(
                        x.at(point.sparsity()),
                        y.at(point.metric()),
                        point.accepted() ? "accepted" : "refused",
                        point.title()))
            .toList();
    String path = dots.stream().map(d -> d.x() + "," + d.y()).collect(Collectors.joining(" "));
    return new Curve(
        metric,
        x.ticks(),
        y.ticks(),
        dots.size() > 1 ? path : "",
        dots,
        gate == null ? null : level(y, gate.baseline(), sign(gate)),
        gate == null ? null : level(y, worst(gate), -sign(gate)),
        gate == null || sparsity == null ? null : interval(sparsity, gate, x, y));
  }

  /** A line with its label on the side that the other line is not on. */
  private static Level level(Scale y, double value, int side) {
    double pixel = Double.parseDouble(y.at(value));
    double label = side > 0 ? pixel - 5 : pixel + 13;
    return new Level(y.at(value), String.format(Locale.ROOT, "%.1f", label), Figures.metric(value));
  }

  private static Interval interval(double sparsity, ModelResult.Gate gate, Scale x, Scale y) {
    return new Interval(
        x.at(sparsity),
        y.at(gate.pruned()),
        y.at(bound(gate)),
        String.format(
            Locale.ROOT,
            "verdict half: %.4f, no worse than %.4f at confidence %s",
            gate.pruned(),
            bound(gate),
            gate.confidence()));
  }

  private static double bound(ModelResult.Gate gate) {
    return gate.baseline() - sign(gate) * gate.upperBound();
  }

  private static double worst(ModelResult.Gate gate) {
    double value = gate.tolerance().value();
    boolean relative = gate.tolerance().type().equals("relative");
    return gate.baseline() - sign(gate) * (relative ? value * Math.abs(gate.baseline()) : value);
  }

  private static int sign(ModelResult.Gate gate) {
    return gate.metric().higherIsBetter() ? 1 : -1;
  }
}
