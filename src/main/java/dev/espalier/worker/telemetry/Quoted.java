package dev.espalier.worker.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Text from outside as a field of a log line: quoted, control characters and quotes escaped, cut to
 * a bounded length, so that it can neither forge a line nor fill the log.
 */
public record Quoted(@Nullable String text) {
  private static final int MAX_CHARS = 200;

  @Override
  public String toString() {
    if (text == null) {
      return "-";
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.chars().limit(MAX_CHARS).forEach(c -> append(quoted, (char) c));
    return quoted.append(text.length() > MAX_CHARS ? "…\"" : "\"").toString();
  }

  private static void append(StringBuilder quoted, char c) {
    if (c == '"' || c == '\\') {
      quoted.append('\\').append(c);
    } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
      quoted.append(String.format("\\u%04x", (int) c));
    } else {
      quoted.append(c);
    }
  }
}
