package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.local.PrometheusServer;
import dev.espalier.local.TraceReceiver;
import dev.espalier.local.WorkerProcess;
import dev.espalier.ops.Dashboard;
import dev.espalier.ops.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of every verdict, watched by a real Prometheus: what dashboards and alerts would see. */
class DashboardsIT {
  private static final Path RULES = Path.of("grafana", "prometheus", "rules", "espalier.yml");

  @TempDir private static Path directory;
  private static Stack stack;
  private static TraceReceiver collector;
  private static WorkerProcess worker;
  private static PrometheusServer prometheus;
  private static Set<String> verdicts;

  @BeforeAll
  static void run() throws Exception {
    Path executable = Tool.PROMETHEUS.require();
    stack = Stack.start(directory, 2);
    collector = TraceReceiver.start();
    worker =
        stack
            .worker(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
                    "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                    "OTEL_BSP_SCHEDULE_DELAY", "200"),
                "espalier.engine.slots",
                "2",
                "espalier.policies.supersede",
                "true")
            .awaitReady();
    prometheus = PrometheusServer.start(executable, directory, worker.managementAddress(), RULES);
    stack.upload("espalier", "jobs/" + Stack.job("cancelled") + "/cancel", new byte[0]);
    stack.publish("old", "cnn-a", Events.unending("cnn-a", "1"));
    stack.publish("good", "cnn-a", Events.good("cnn-a", "2"));
    stack.publish("useless", "cnn-c", Events.useless("cnn-c", "1"));
    stack.publish("missing", "cnn-d", Events.missing("cnn-d", "1"));
    stack.publish("gate", "cnn-b", Events.destructive("cnn-b", "1"));
    stack.publish("late", "cnn-e", Events.late("cnn-e", "1"));
    stack.publish("cancelled", "cnn-f", Events.good("cnn-f", "1"));
    stack.publish(Map.of("ce_id", "malformed"), "cnn-b", "{");
    stack.publish("good", "cnn-a", Events.good("cnn-a", "2"));
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      verdicts =
          topics.awaitDrained("espalier").stream()
              .filter(seen -> !seen.topic().equals("model-trained-dlq"))
              .map(DashboardsIT::ending)
              .collect(Collectors.toCollection(TreeSet::new));
    }
    await("the end is scraped")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              JsonNode jobs = prometheus.everSince("sum(espalier_jobs_total) >= 7");
              JsonNode idle = prometheus.everSince("sum(espalier_jobs_in_progress) == 0");
              return !jobs.isEmpty() && !idle.isEmpty();
            });
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (worker != null) {
      worker.close();
    }
    if (collector != null) {
      collector.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void shouldHaveSeenJobsOfEveryVerdict() {
    assertThat(verdicts)
        .containsExactly(
            "failed cancelled",
            "failed deadline-exceeded",
            "no-benefit no-benefit",
            "pruned ",
            "refused object-missing",
            "rejected gate-failed",
            "superseded superseded");
  }

  private static String ending(Topics.Seen result) {
    return result.verdict() + " " + result.json().at("/result/reason/code").asText();
  }

  @Test
  void shouldHaveDataInEveryPanel() throws Exception {
    List<String> empty = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      for (Map.Entry<String, String> query : dashboard.queries("1m").entrySet()) {
        if (prometheus.everSince(query.getValue()).isEmpty()) {
          empty.add(query.getKey() + " = " + query.getValue());
        }
      }
    }

    assertThat(empty).isEmpty();
  }

  @Test
  void shouldFindTheTracesThatPanelsShow() throws Exception {
    Set<String> sent = new TreeSet<>();
    collector.spans().forEach(span -> sent.add(span.trace()));
    Map<String, Set<String>> wrong = new TreeMap<>();
    int asked = 0;
    for (Dashboard dashboard : Dashboard.all()) {
      for (Map.Entry<String, String> query : dashboard.exemplarQueries("1m").entrySet()) {
        asked++;
        Set<String> found =
            prometheus.exemplars(query.getValue()).findValues("trace_id").stream()
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        if (found.isEmpty() || !sent.containsAll(found)) {
          wrong.put(query.getKey(), found);
        }
      }
    }

    assertThat(asked).isEqualTo(5);
    assertThat(wrong).isEmpty();
  }

  @Test
  void shouldEvaluateEveryRuleAndFireWhereSomethingIsWrong() throws Exception {
    List<String> unhealthy = new ArrayList<>();
    int rules = 0;
    for (JsonNode group : prometheus.rules()) {
      for (JsonNode rule : group.path("rules")) {
        rules++;
        if (!rule.path("health").asText().equals("ok")) {
          unhealthy.add(rule.toString());
        }
      }
    }

    assertThat(rules).isEqualTo(14);
    assertThat(unhealthy).isEmpty();
    assertThat(prometheus.everSince("ALERTS{alertname=\"EspalierJobsFailed\"}")).isNotEmpty();
    assertThat(prometheus.everSince("ALERTS{alertname=\"EspalierDeadLetters\"}")).isNotEmpty();
    assertThat(prometheus.everSince("ALERTS{alertname=\"EspalierStoreErrors\"}")).isEmpty();
  }
}
