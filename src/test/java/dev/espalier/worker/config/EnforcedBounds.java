package dev.espalier.worker.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the start-up checks say of a value that no setting may have. */
public final class EnforcedBounds {
  /** For text and lists, numbers, sizes and durations; others cannot be out of bounds. */
  private static final List<String> IMPOSSIBLE = List.of("\u0001", "-1", "0", "PT0S");

  private static final Pattern RULE = Pattern.compile("(?s).*?must (be )?(.*)");
  private static final Pattern BYTES = Pattern.compile("at least (\\d+)");

  private EnforcedBounds() {}

  /** The rule that values of a property must keep, as the checks put it; empty without one. */
  public static Optional<String> of(String property) {
    return IMPOSSIBLE.stream().flatMap(value -> rule(property, value).stream()).findFirst();
  }

  private static Optional<String> rule(String property, String value) {
    WorkerConfig config;
    try {
      config = TestConfig.with(property, value);
    } catch (RuntimeException e) {
      return Optional.empty(); // not a value of the property's type
    }
    return new StartupChecks(config)
        .violations().stream()
            .filter(
                violation -> violation.startsWith(property + " ") && violation.contains("must "))
            .map(EnforcedBounds::spelled)
            .findFirst();
  }

  private static String spelled(String violation) {
    Matcher rule = RULE.matcher(violation);
    if (!rule.matches()) {
      throw new AssertionError(violation);
    }
    String text = rule.group(2);
    Matcher bytes = BYTES.matcher(text);
    if (bytes.matches()) {
      return "at least " + size(Long.parseLong(bytes.group(1)));
    }
    return text.startsWith("match ")
        ? "matches `" + text.substring(6).replace("|", "\\|") + "`"
        : text;
  }

  private static String size(long bytes) {
    for (int shift = 30; shift > 0; shift -= 10) {
      if (bytes % (1L << shift) == 0) {
        return "%d %siB".formatted(bytes >> shift, "KMG".charAt(shift / 10 - 1));
      }
    }
    return bytes + " bytes";
  }
}
