package dev.espalier.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values of the versions of a model, in their order.
 *
 * @param columns labels of some of the versions
 * @param rows ticks of the values
 * @param path of the line through the values; empty below two
 * @param marks one for each version
 */
public record Trend(
    List<Scale.Tick> columns, List<Scale.Tick> rows, String path, List<Mark> marks) {
  private static final double LEFT = 80;
  private static final double RIGHT = 620;
  private static final double TOP = 12;
  private static final double BOTTOM = 172;
  private static final double LEAST_RANGE = 0.02;
  private static final int MOST_LABELS = 6;
  private static final int LONGEST_LABEL = 12;

  /**
   * A version's value.
   *
   * @param bound of the value; absent where it is exact
   * @param limit that the bound had to stay below; absent where there is none
   * @param kind class of the mark
   */
  public record Value(
      String label,
      double value,
      @Nullable Double bound,
      @Nullable Double limit,
      String kind,
      String title) {}

  /** A value, drawn; without a bound or limit, those are empty. */
  public record Mark(
      String x,
      String y,
      String bound,
      String limit,
      String left,
      String right,
      String kind,
      String title) {}

  /** The trend of some values; absent when there are none. */
  public static @Nullable Trend of(List<Value> values) {
    if (values.isEmpty()) {
      return null;
    }
    List<Double> heights = new ArrayList<>();
    for (Value value : values) {
      heights.add(value.value());
      addIfPresent(heights, value.bound());
      addIfPresent(heights, value.limit());
    }
    widen(heights);
    Scale x = new Scale(-0.5, values.size() - 0.5, LEFT, RIGHT);
    Scale y = Scale.around(heights, BOTTOM, TOP);
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      marks.add(mark(i, values.get(i), x, y));
    }
    String path = marks.stream().map(m -> m.x() + "," + m.y()).collect(Collectors.joining(" "));
    return new Trend(labels(values, x), y.ticks(), marks.size() > 1 ? path : "", marks);
  }

  /** What changes by less than a fiftieth is drawn as what it is: hardly any change. */
  private static void widen(List<Double> heights) {
    double low = Collections.min(heights);
    double high = Collections.max(heights);
    double least = LEAST_RANGE * Math.max(Math.abs(low), Math.abs(high));
    if (high - low < least) {
      heights.add(low - least / 2);
      heights.add(high + least / 2);
    }
  }

  private static Mark mark(int i, Value value, Scale x, Scale y) {
    return new Mark(
        x.at(i),
        y.at(value.value()),
        value.bound() == null ? "" : y.at(value.bound()),
        value.limit() == null ? "" : y.at(value.limit()),
        x.at(i - 0.3),
        x.at(i + 0.3),
        value.kind(),
        value.title());
  }

  private static List<Scale.Tick> labels(List<Value> values, Scale x) {
    int every = (values.size() + MOST_LABELS - 1) / MOST_LABELS;
    List<Scale.Tick> labels = new ArrayList<>();
    for (int i = values.size() - 1; i >= 0; i -= every) {
      labels.add(new Scale.Tick(x.at(i), shortened(values.get(i).label())));
    }
    return labels;
  }

  private static String shortened(String label) {
    return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
  }

  private static void addIfPresent(List<Double> heights, @Nullable Double height) {
    if (height != null) {
      heights.add(height);
    }
  }
}
