package dev.espalier.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.ops.Dashboard;
import dev.espalier.ops.PromQl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which panels and alerts read which metrics; what recording rules prepare is looked through. */
final class MetricUses {
  private static final Path RULES = Path.of("grafana/prometheus/rules/espalier.yml");

  private final Map<String, String> recorded = new HashMap<>();
  private final Map<String, Set<String>> panels = new TreeMap<>();
  private final Map<String, Set<String>> alerts = new TreeMap<>();

  MetricUses() throws IOException {
    JsonNode rules = new YAMLMapper().readTree(RULES.toFile()).path("groups");
    for (JsonNode rule :
        rules.findValues("rules").stream().flatMap(JsonNode::valueStream).toList()) {
      if (rule.has("record")) {
        recorded.put(rule.path("record").asText(), rule.path("expr").asText());
      } else {
        add(alerts, rule.path("expr").asText(), rule.path("alert").asText());
      }
    }
    for (Dashboard dashboard : Dashboard.all()) {
      dashboard
          .queries("1m")
          .forEach((name, query) -> add(panels, query, name.replaceAll("^.*?: | \\w+$", "")));
    }
  }

  private void add(Map<String, Set<String>> uses, String expression, String user) {
    for (String name : PromQl.metrics(expression)) {
      String rule = recorded.get(name);
      if (rule == null) {
        String metric = name.replaceFirst("_bucket$|(?<=_seconds|_ratio)_(sum|count)$", "");
        uses.computeIfAbsent(metric, n -> new TreeSet<>()).add(user);
      } else {
        add(uses, rule, user);
      }
    }
  }

  /** Every metric that something reads. */
  Set<String> metrics() {
    Set<String> all = new TreeSet<>(panels.keySet());
    all.addAll(alerts.keySet());
    return all;
  }

  /** Alerts as links to their runbook entries, then titles of panels. */
  String of(String metric) {
    Set<String> links = new TreeSet<>();
    for (String alert : alerts.getOrDefault(metric, Set.of())) {
      links.add("[%s](runbook.md#%s)".formatted(alert, alert.toLowerCase(java.util.Locale.ROOT)));
    }
    String shown = String.join(", ", panels.getOrDefault(metric, Set.of()));
    return String.join(", ", links) + (links.isEmpty() || shown.isEmpty() ? "" : "; ") + shown;
  }
}
