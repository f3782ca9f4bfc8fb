package dev.espalier.chart;

import java.util.Locale;

/** How numbers are written for people. */
public final class Figures {
  private Figures() {}

  /** A count, in groups of three digits. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A value of a metric, or a difference of two. */
  public static String metric(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A fraction, in per cent. */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }

  /** A time in milliseconds. */
  public static String milliseconds(double value) {
    return String.format(Locale.ROOT, "%.3f ms", value);
  }
}
