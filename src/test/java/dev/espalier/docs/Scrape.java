package dev.espalier.docs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The metrics of a scrape in the Prometheus text format, as they describe themselves. */
final class Scrape {
  private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+) (.*)$");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{([^}]*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final Map<String, Metric> metrics = new TreeMap<>();

  Scrape(String text) {
    Map<String, String> help = new TreeMap<>();
    HELP.matcher(text).results().forEach(m -> help.put(m.group(1), m.group(2)));
    TYPE.matcher(text)
        .results()
        .forEach(
            m -> {
              String name = m.group(1);
              String description = help.getOrDefault(name, "");
              metrics.put(name, new Metric(name, m.group(2), description, new TreeMap<>()));
            });
    SAMPLE.matcher(text).results().forEach(this::sample);
  }

  private void sample(MatchResult sample) {
    String series = sample.group(1);
    Metric metric = metrics.get(series);
    if (metric == null) {
      metric = metrics.get(series.replaceFirst("_(bucket|sum|count|max)$", ""));
    }
    if (metric == null || sample.group(2) == null) {
      return;
    }
    for (MatchResult label : LABEL.matcher(sample.group(2)).results().toList()) {
      metric.labels.computeIfAbsent(label.group(1), l -> new LinkedHashSet<>()).add(label.group(2));
    }
  }

  /**
   * Metrics whose names start with a prefix, by name; maxima and birthdays of histograms left out.
   */
  List<Metric> metrics(String prefix) {
    List<Metric> found = new ArrayList<>(metrics.values());
    found.removeIf(m -> !m.name.startsWith(prefix));
    found.removeIf(m -> m.type.equals("gauge") && m.name.matches(".*_(max|created)"));
    return found;
  }

  /**
   * A metric.
   *
   * @param labels values by name, in the order of the scrape; bounds of buckets as {@code le}
   */
  record Metric(String name, String type, String help, Map<String, Set<String>> labels) {}
}
