package dev.espalier.engine.report;

import java.util.Locale;

/**
 * A labelled bar.
 *
 * @param label what it measures
 * @param text the value, with its unit
 * @param percent length, in per cent of the longest of its group
 * @param kind {@code before} or {@code after}
 */
record Bar(String label, String text, String percent, String kind) {
  static Bar of(String label, String text, double value, double longest, String kind) {
    double percent = longest > 0 ? Math.min(100, 100 * value / longest) : 0;
    return new Bar(label, text, String.format(Locale.ROOT, "%.1f", percent), kind);
  }
}
