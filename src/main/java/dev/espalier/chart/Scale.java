package dev.espalier.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis of a chart.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}, above {@code low}
 * @param from pixel of {@code low}
 * @param to pixel of {@code high}
 */
public record Scale(double low, double high, double from, double to) {
  private static final int MOST_TICKS = 6;
  private static final double ROUNDING = 1e-9;

  /** An axis over some values, with a little air at both ends. */
  public static Scale around(List<Double> values, double from, double to) {
    double low = values.stream().mapToDouble(v -> v).min().orElse(0);
    double high = values.stream().mapToDouble(v -> v).max().orElse(1);
    double air = Math.max((high - low) * 0.08, Math.max(Math.abs(high), 1) * 1e-4);
    return new Scale(low - air, high + air, from, to);
  }

  /** The pixel of a value, as SVG writes it. */
  public String at(double value) {
    return String.format(Locale.ROOT, "%.1f", from + (value - low) / (high - low) * (to - from));
  }

  /** Round values within the axis, at most {@value #MOST_TICKS}. */
  public List<Tick> ticks() {
    double step = Math.pow(10, Math.floor(Math.log10((high - low) / 2)));
    for (double factor : new double[] {2, 2.5, 2, 2}) {
      if ((high - low) / step <= MOST_TICKS) {
        break;
      }
      step *= factor;
    }
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - ROUNDING));
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - ROUNDING); i * step <= high + ROUNDING; i++) {
      ticks.add(new Tick(at(i * step), String.format(Locale.ROOT, "%." + digits + "f", i * step)));
    }
    return ticks;
  }

  /** A mark on an axis. */
  public record Tick(String at, String label) {}
}
