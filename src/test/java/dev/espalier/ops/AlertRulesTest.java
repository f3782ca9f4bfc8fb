package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AlertRulesTest {
  private static final Path RULES = Path.of("grafana", "prometheus", "rules", "espalier.yml");
  private static final Path CASES = Path.of("src/test/resources/prometheus/espalier.test.yml");
  private static final Path RUNBOOK = Path.of("docs", "runbook.md");

  @Test
  void shouldFireWhenTheyShouldAndBeSilentWhenNot() {
    assertThat(Tool.PROMTOOL.run("test", "rules", CASES.toString())).contains("SUCCESS");
  }

  @Test
  void shouldEachBeTestedAndHaveARunbookEntry() throws IOException {
    String cases = Files.readString(CASES);
    List<String> headings =
        Pattern.compile("^### (\\w+)$", Pattern.MULTILINE)
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map(heading -> heading.group(1))
            .toList();
    List<JsonNode> alerts = alerts();

    assertThat(alerts).hasSizeGreaterThan(5);
    assertThat(headings)
        .containsExactlyInAnyOrderElementsOf(
            alerts.stream().map(alert -> alert.path("alert").asText()).toList());
    assertThat(alerts)
        .allSatisfy(
            alert -> {
              String name = alert.path("alert").asText();
              assertThat(cases).contains(name);
              assertThat(alert.at("/annotations/runbook").asText())
                  .isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
              assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
              assertThat(alert.at("/annotations/description").asText()).isNotBlank();
              assertThat(alert.at("/labels/severity").asText()).isIn("warning", "critical");
            });
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).path("groups")) {
      group.path("rules").valueStream().filter(rule -> rule.has("alert")).forEach(alerts::add);
    }
    return alerts;
  }
}
