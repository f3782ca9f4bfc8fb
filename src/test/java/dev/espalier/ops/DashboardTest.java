package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardTest {
  static List<Dashboard> dashboards() {
    return Dashboard.all();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldReadOnlyPromisedMetricsWhenTheyAreOurs(Dashboard dashboard) {
    Set<String> ours =
        dashboard.metrics().stream()
            .filter(m -> m.startsWith("espalier_"))
            .map(m -> m.replaceFirst("_(bucket|sum|count)$", ""))
            .collect(Collectors.toSet());

    assertThat(ours).isNotEmpty().isSubsetOf(PromisedMetrics.LABELS.keySet());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldTellMissingMetricsFromOthersWhoseNamesTheyBegin(Dashboard dashboard) {
    String scrape = "# TYPE espalier_build_info gauge\nespalier_build_info{a=\"b\",} 1.0\n";

    assertThat(dashboard.metricsMissingFrom(scrape))
        .hasSize(dashboard.metrics().size() - 1)
        .doesNotContain("espalier_build_info");
    assertThat(dashboard.metricsMissingFrom("espalier_build_information 1.0\n"))
        .isEqualTo(dashboard.metrics());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldExplainItselfWhenReadByAnOperator(Dashboard dashboard) {
    assertThat(dashboard.uid()).matches("espalier-[a-z-]+");
    assertThat(dashboard.panels())
        .isNotEmpty()
        .allSatisfy(
            panel -> {
              assertThat(panel.path("title").asText()).isNotBlank();
              assertThat(panel.path("description").asText()).hasSizeGreaterThan(20);
              assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
              assertThat(panel.path("targets")).isNotEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldFollowItsVariablesWhenTheyAreChanged(Dashboard dashboard) {
    assertThat(dashboard.variables())
        .extracting(v -> v.path("name").asText())
        .containsExactly("datasource", "namespace", "pod");
    assertThat(dashboard.panels())
        .allSatisfy(
            panel -> {
              assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
              assertThat(panel.path("targets").findValuesAsText("expr"))
                  .allSatisfy(
                      e -> assertThat(e).contains("namespace=~\"$namespace\", pod=~\"$pod\""));
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldNotOverlapWhenLaidOut(Dashboard dashboard) {
    List<JsonNode> grid = dashboard.panels().stream().map(p -> p.path("gridPos")).toList();

    assertThat(grid).allSatisfy(a -> assertThat(right(a)).isLessThanOrEqualTo(24));
    assertThat(grid)
        .allSatisfy(a -> assertThat(grid).filteredOn(b -> b != a && overlap(a, b)).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldUseTheProvisionedDataSourceWhenOpenedFirst(Dashboard dashboard) throws IOException {
    String uid = dashboard.variables().get(0).at("/current/value").asText();

    Path provisioning = Path.of("grafana", "provisioning", "datasources", "prometheus.yml");
    try (Stream<String> lines = Files.lines(provisioning)) {
      assertThat(lines).anyMatch(line -> line.strip().equals("uid: " + uid));
    }
  }

  private static boolean overlap(JsonNode a, JsonNode b) {
    return left(a) < right(b) && left(b) < right(a) && top(a) < bottom(b) && top(b) < bottom(a);
  }

  private static int left(JsonNode grid) {
    return grid.path("x").asInt();
  }

  private static int right(JsonNode grid) {
    return left(grid) + grid.path("w").asInt();
  }

  private static int top(JsonNode grid) {
    return grid.path("y").asInt();
  }

  private static int bottom(JsonNode grid) {
    return top(grid) + grid.path("h").asInt();
  }
}
