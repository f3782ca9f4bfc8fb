package dev.espalier.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Grafana dashboard of this repository and the metrics its queries read. */
public final class Dashboard {
  private static final Path DIRECTORY = Path.of("grafana", "dashboards");

  private final Path file;
  private final JsonNode json;

  private Dashboard(Path file) {
    this.file = file;
    try {
      json = new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new AssertionError(file + " is not JSON", e);
    }
  }

  /** Every dashboard there is. */
  public static List<Dashboard> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .sorted()
          .map(Dashboard::new)
          .toList();
    } catch (IOException e) {
      throw new AssertionError("no dashboards in " + DIRECTORY.toAbsolutePath(), e);
    }
  }

  /** Metrics read by panels and variables, as a scrape spells them. */
  public Set<String> metrics() {
    Set<String> names = new TreeSet<>();
    panels().forEach(p -> p.path("targets").forEach(t -> names.addAll(metrics(t.path("expr")))));
    variables().forEach(v -> names.addAll(metrics(v.path("query").path("query"))));
    return names;
  }

  /**
   * Metrics of this dashboard that a scrape of a worker has no sample of.
   *
   * @param scrape the body of {@code /q/metrics} in the Prometheus text format
   */
  public Set<String> metricsMissingFrom(String scrape) {
    Set<String> missing = new TreeSet<>(metrics());
    missing.removeIf(
        name ->
            Pattern.compile("^" + Pattern.quote(name) + "[{ ]", Pattern.MULTILINE)
                .matcher(scrape)
                .find());
    return missing;
  }

  /**
   * What each panel and variable asks Prometheus, by panel and query, as Grafana would send it.
   *
   * @param window for Grafana's own intervals, such as {@code 1m}
   */
  public Map<String, String> queries(String window) {
    Map<String, String> queries = new LinkedHashMap<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        queries.put(name(panel, target), expanded(target.path("expr").asText(), window));
      }
    }
    return queries;
  }

  /** The queries that are to show which trace an observation came from. */
  public Map<String, String> exemplarQueries(String window) {
    Map<String, String> queries = new LinkedHashMap<>(queries(window));
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        if (!target.path("exemplar").asBoolean()) {
          queries.remove(name(panel, target));
        }
      }
    }
    return queries;
  }

  private String name(JsonNode panel, JsonNode target) {
    return this + ": " + panel.path("title").asText() + " " + target.path("refId").asText();
  }

  private static String expanded(String expression, String window) {
    return expression
        .replace("$__rate_interval", window)
        .replace("$__range", window)
        .replaceAll("\\$(namespace|pod)\\b", ".*");
  }

  /** Panels that show data: rows only group them. */
  List<JsonNode> panels() {
    return json.path("panels").valueStream().filter(p -> !"row".equals(type(p))).toList();
  }

  List<JsonNode> variables() {
    return json.path("templating").path("list").valueStream().toList();
  }

  String uid() {
    return json.path("uid").asText();
  }

  private static Set<String> metrics(JsonNode expression) {
    return PromQl.metrics(expression.asText());
  }

  private static String type(JsonNode panel) {
    return panel.path("type").asText();
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
