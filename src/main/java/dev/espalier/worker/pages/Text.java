package dev.espalier.worker.pages;

import dev.espalier.chart.Figures;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How values are written on the pages. */
final class Text {
  static final String NONE = "–";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final double UNIT = 1024;

  private Text() {}

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  static String duration(Instant from, Instant to) {
    return duration(Duration.between(from, to));
  }

  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1e3);
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  static String percent(@Nullable Double fraction) {
    return fraction == null ? NONE : Figures.percent(fraction);
  }

  static String metric(@Nullable Double value) {
    return value == null ? NONE : Figures.metric(value);
  }

  /** With its sign: what is worse is positive. */
  static String drop(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  static String bytes(long bytes) {
    double value = bytes;
    String unit = "bytes";
    for (String larger : new String[] {"KiB", "MiB", "GiB"}) {
      if (value < UNIT) {
        break;
      }
      value /= UNIT;
      unit = larger;
    }
    return unit.equals("bytes")
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.1f %s", value, unit);
  }

  /** A segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
