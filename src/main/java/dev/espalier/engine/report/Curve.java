package dev.espalier.engine.report;

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
 * @param path of the line through the steps, as SVG writes it; empty below two steps
 * @param tolerated height of the line of the tolerance; absent without a baseline
 * @param verdict what the verdict half said; absent when it was not opened
 */
record Curve(
    List<Scale.Tick> columns,
    List<Scale.Tick> rows,
    String path,
    List<Dot> dots,
    @Nullable String tolerated,
    @Nullable Interval verdict) {
  private static final double LEFT = 64;
  private static final double RIGHT = 620;
  private static final double TOP = 16;
  private static final double BOTTOM = 244;

  /** A step. */
  record Dot(String x, String y, String kind, String title) {}

  /** An estimate and its bound. */
  record Interval(String x, String estimate, String bound, String title) {}

  /** The curve of a result; absent when there is nothing to draw. */
  static @Nullable Curve of(ModelResult.Result result, ModelResult.@Nullable Gate gate) {
    List<ModelResult.Step> steps = new ArrayList<>();
    if (result.trajectory() != null) {
      result.trajectory().stream().filter(step -> step.metric() != null).forEach(steps::add);
    }
    if (steps.isEmpty()) {
      return null;
    }
    List<Double> heights =
        steps.stream()
            .map(ModelResult.Step::metric)
            .collect(Collectors.toCollection(ArrayList::new));
    Double tolerated = gate == null ? null : gate.baseline() - sign(gate) * allowed(gate);
    if (gate != null && tolerated != null) {
      heights.addAll(
          List.of(tolerated, gate.pruned(), gate.baseline() - sign(gate) * gate.upperBound()));
    }
    Scale x = new Scale(0, 1, LEFT, RIGHT);
    Scale y = Scale.around(heights, BOTTOM, TOP);
    List<Dot> dots = steps.stream().map(step -> dot(step, x, y)).toList();
    String path =
        dots.stream().map(dot -> dot.x() + "," + dot.y()).collect(Collectors.joining(" "));
    return new Curve(
        x.ticks(),
        y.ticks(),
        dots.size() > 1 ? path : "",
        dots,
        tolerated == null ? null : y.at(tolerated),
        gate == null || result.sparsity() == null ? null : interval(result.sparsity(), gate, x, y));
  }

  private static Dot dot(ModelResult.Step step, Scale x, Scale y) {
    double metric = step.metric() == null ? 0 : step.metric();
    return new Dot(
        x.at(step.sparsity()),
        y.at(metric),
        step.accepted() ? "accepted" : "refused",
        String.format(
            Locale.ROOT,
            "step %d, %s: sparsity %.4f, %.4f, %s",
            step.step(),
            step.criterion().wire(),
            step.sparsity(),
            metric,
            step.accepted() ? "within the tolerance" : "outside the tolerance"));
  }

  private static Interval interval(double sparsity, ModelResult.Gate gate, Scale x, Scale y) {
    double bound = gate.baseline() - sign(gate) * gate.upperBound();
    return new Interval(
        x.at(sparsity),
        y.at(gate.pruned()),
        y.at(bound),
        String.format(
            Locale.ROOT,
            "verdict half: %.4f, no worse than %.4f at confidence %s",
            gate.pruned(),
            bound,
            gate.confidence()));
  }

  private static double allowed(ModelResult.Gate gate) {
    double value = gate.tolerance().value();
    return gate.tolerance().type().equals("relative") ? value * Math.abs(gate.baseline()) : value;
  }

  private static int sign(ModelResult.Gate gate) {
    return gate.metric().higherIsBetter() ? 1 : -1;
  }
}
