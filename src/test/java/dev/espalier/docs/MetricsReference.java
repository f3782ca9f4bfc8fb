package dev.espalier.docs;

import dev.espalier.docs.Scrape.Metric;
import dev.espalier.worker.telemetry.TestMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The tables of metrics, as Markdown. */
final class MetricsReference {
  private static final String PREFIX = "espalier_";

  private final MetricUses uses = new MetricUses();

  MetricsReference() throws IOException {}

  /** Those of the worker, as they exist from its start. */
  static List<Metric> registered() {
    return new Scrape(TestMetrics.firstScrape()).metrics(PREFIX);
  }

  /** The worker's own metrics. */
  String ours() {
    StringBuilder rows =
        new StringBuilder(
            "| metric | type | labels and values | what it is | read by |\n|---|---|---|---|---|\n");
    for (Metric metric : registered()) {
      rows.append(
          "| `%s` | %s | %s | %s | %s |%n"
              .formatted(
                  metric.name(),
                  metric.type(),
                  labels(metric),
                  metric.help(),
                  uses.of(metric.name())));
    }
    return rows.toString();
  }

  /** Bounds of the buckets of every histogram; ranges of equal ones together. */
  String buckets() {
    StringBuilder rows =
        new StringBuilder("| histogram | upper bounds of its buckets |\n|---|---|\n");
    for (Metric metric : registered()) {
      if (metric.type().equals("histogram")) {
        String bounds = String.join(", ", metric.labels().get("le"));
        rows.append("| `%s` | %s |%n".formatted(metric.name(), bounds));
      }
    }
    return rows.toString();
  }

  /** Metrics of libraries that our dashboards and alerts read. */
  String others() {
    StringBuilder rows = new StringBuilder("| metric | read by |\n|---|---|\n");
    for (String metric : uses.metrics()) {
      if (!metric.startsWith(PREFIX)) {
        rows.append("| `%s` | %s |%n".formatted(metric, uses.of(metric)));
      }
    }
    return rows.toString();
  }

  private static String labels(Metric metric) {
    StringJoiner labels = new StringJoiner("<br>");
    for (Map.Entry<String, Set<String>> label : metric.labels().entrySet()) {
      if (label.getKey().equals("version")) {
        labels.add("`version`: of the build");
      } else if (!label.getKey().equals("le")) {
        labels.add(
            "`%s`: %s"
                .formatted(
                    label.getKey(),
                    label.getValue().stream()
                        .sorted()
                        .map(v -> "`" + v + "`")
                        .collect(Collectors.joining(", "))));
      }
    }
    return labels.toString();
  }
}
