package dev.espalier.engine.report;

import java.util.Locale;

/** How numbers are written for people. */
final class Figures {
  private Figures() {}

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String metric(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }

  static String milliseconds(double value) {
    return String.format(Locale.ROOT, "%.3f ms", value);
  }
}
