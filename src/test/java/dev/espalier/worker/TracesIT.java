package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.TraceReceiver;
import dev.espalier.local.TraceReceiver.Received;
import dev.espalier.local.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the producer's event to the result's headers, as a collector receives it. */
class TracesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PRODUCER = "00f067aa0ba902b7";

  @TempDir private static Path directory;
  private static Stack stack;
  private static TraceReceiver receiver;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1);
    receiver = TraceReceiver.start();
  }

  @AfterAll
  static void stop() {
    if (receiver != null) {
      receiver.close();
    }
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void shouldMakeOneTraceFromTheEventThroughTheStepsToTheResult() throws Exception {
    String trace = trace(1);
    String metrics;
    String log;
    Topics.Seen result;
    try (WorkerProcess worker = worker().awaitReady()) {
      publish("one-trace", trace, "01", Events.stepwise("cnn", "1", 3));
      result = answer("one-trace");
      awaitEnded(trace, 1);
      metrics = worker.openMetrics();
      log = worker.log();
    }

    List<Received> spans = of(trace);
    Received process = one(spans, "process model-trained");
    assertThat(process.parent()).isEqualTo(PRODUCER);
    assertThat(process.attributes())
        .containsEntry("messaging.system", "kafka")
        .containsEntry("messaging.destination.name", "model-trained")
        .containsEntry("cloudevents.event_id", "one-trace")
        .containsEntry("espalier.job.id", Stack.job("one-trace").value())
        .containsEntry("espalier.verdict", "pruned");
    assertThat(process.resource())
        .containsEntry("service.name", "espalier")
        .containsKey("service.version");
    assertThat(result.header("traceparent")).isEqualTo("00-" + trace + "-" + process.id() + "-01");
    assertThat(result.header("tracestate")).isEqualTo("vendor=1");

    assertThat(children(spans, process)).containsExactly("fetch", "attempt", "commit", "announce");
    Received attempt = one(spans, "attempt");
    assertThat(children(spans, attempt))
        .startsWith("load", "baseline")
        .containsSubsequence("step", "step", "step", "verdict", "write", "push", "verify");
    assertThat(children(spans, one(spans, "verify"))).containsExactly("load", "evaluate");
    List<Received> steps = named(spans, "step");
    assertThat(steps)
        .extracting(step -> step.attributes().get("espalier.step.number"))
        .containsExactly("1", "2", "3");
    assertThat(steps)
        .allSatisfy(
            step ->
                assertThat(children(spans, step)).containsExactly("prune", "recover", "evaluate"));
    assertThat(spans)
        .allSatisfy(
            span -> {
              assertThat(span.startNanos()).isBetween(process.startNanos(), process.endNanos());
              assertThat(span.endNanos()).isBetween(span.startNanos(), process.endNanos());
              assertThat(span.error()).isFalse();
            });
    assertThat(one(spans, "announce").attributes())
        .containsEntry("messaging.destination.name", "model-pruned");

    for (String histogram :
        List.of(
            "espalier_job_duration_seconds_bucket",
            "espalier_stage_duration_seconds_bucket",
            "espalier_object_store_request_duration_seconds_bucket",
            "espalier_job_sparsity_ratio_bucket")) {
      assertThat(metrics)
          .containsPattern(histogram + "\\{[^}]*} \\S+ # \\{[^}]*trace_id=\"" + trace + "\"");
    }
    assertThat(log).contains("trace=" + trace + " Job has its result: job=");
  }

  @Test
  void shouldAnnounceTheCommittedTraceContextWhenItsWorkerDied() throws Exception {
    String trace = trace(2);
    try (WorkerProcess doomed = worker("espalier.fault-point", "AFTER_COMMIT_RECORD")) {
      publish("committed", trace, "01", Events.good("cnn", "2"));
      await().atMost(PATIENCE).until(() -> !doomed.isAlive());
    }
    String committed =
        Files.readString(stack.output("jobs/" + Stack.job("committed") + "/result.json"));
    Topics.Seen result;
    try (WorkerProcess successor = worker().awaitReady()) {
      result = answer("committed");
      awaitEnded(trace, 1);
      assertThat(successor.isAlive()).isTrue();
    }

    Received second = one(of(trace), "process model-trained");
    assertThat(result.header("traceparent")).startsWith("00-" + trace);
    assertThat(committed).contains(result.header("traceparent"));
    // The first worker's span was in its memory; the second's is another, in the same trace.
    assertThat(result.header("traceparent")).doesNotContain(second.id());
    assertThat(second.parent()).isEqualTo(PRODUCER);
    assertThat(children(of(trace), second)).containsExactly("announce");
  }

  @Test
  void shouldGoOnInTheSameTraceOnAnotherWorker() throws Exception {
    String trace = trace(3);
    try (WorkerProcess first = worker()) {
      publish("resumed", trace, "01", Events.slow("cnn", "3"));
      await().atMost(PATIENCE).until(() -> !named(of(trace), "step").isEmpty());
      assertThat(first.terminate(Duration.ofSeconds(20))).isTrue();
    }
    try (WorkerProcess second = worker().awaitReady()) {
      answer("resumed");
      awaitEnded(trace, 2);
      assertThat(second.isAlive()).isTrue();
    }

    List<Received> spans = of(trace);
    assertThat(named(spans, "process model-trained"))
        .extracting(Received::parent)
        .containsExactly(PRODUCER, PRODUCER);
    assertThat(named(spans, "attempt"))
        .extracting(attempt -> attempt.attributes().get("espalier.attempt.number"))
        .containsExactly("1", "2");
    assertThat(named(spans, "attempt")).extracting(Received::error).containsExactly(true, false);
    Map<String, Long> finished =
        named(spans, "step").stream()
            .filter(step -> step.attributes().containsKey("espalier.step.number"))
            .collect(
                Collectors.groupingBy(
                    step -> step.attributes().get("espalier.step.number"), Collectors.counting()));
    assertThat(finished).hasSize(12);
  }

  @Test
  void shouldShowRefusalsAndDeadLettersToTheirProducers() throws Exception {
    String refused = trace(4);
    String dead = trace(5);
    String unsampled = trace(6);
    try (WorkerProcess worker = worker().awaitReady()) {
      publish("unsampled", unsampled, "00", Events.missing("cnn", "4"));
      publish("refused", refused, "01", Events.missing("cnn", "4"));
      publish("dead", dead, "01", "{}");
      answer("dead");
      awaitEnded(dead, 1);
      assertThat(worker.isAlive()).isTrue();
    }

    Received refusal = one(of(refused), "process model-trained");
    assertThat(refusal.attributes())
        .containsEntry("espalier.verdict", "refused")
        .containsEntry("espalier.reason", "object-missing");
    assertThat(refusal.error()).isFalse();
    Received letter = one(of(dead), "process model-trained");
    assertThat(letter.error()).isTrue();
    assertThat(letter.attributes()).containsEntry("error.type", "schema-violation");
    assertThat(one(of(dead), "announce").attributes())
        .containsEntry("messaging.destination.name", "model-trained-dlq");
    assertThat(of(unsampled)).isEmpty();
    assertThat(answer("unsampled").header("traceparent")).matches("00-" + unsampled + "-\\w+-00");
  }

  @Test
  void shouldSendNothingAndPassTheContextOnWhenNoEndpointIsConfigured() throws Exception {
    String trace = trace(7);
    int before = receiver.requests();
    try (WorkerProcess worker = stack.worker().awaitReady()) {
      publish("untraced", trace, "01", Events.missing("cnn", "5"));
      Topics.Seen result = answer("untraced");

      assertThat(result.header("traceparent")).isEqualTo("00-" + trace + "-" + PRODUCER + "-01");
      assertThat(result.header("tracestate")).isEqualTo("vendor=1");
      assertThat(worker.log()).doesNotContain("opentelemetry").doesNotContain("trace=");
      assertThat(worker.openMetrics())
          .contains("espalier_job_duration_seconds_bucket")
          .doesNotContain("trace_id");
    }
    assertThat(receiver.requests()).isEqualTo(before);
    assertThat(of(trace)).isEmpty();
  }

  private static WorkerProcess worker(String... configuration) throws Exception {
    return stack.worker(
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(),
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
            "OTEL_BSP_SCHEDULE_DELAY", "200"),
        configuration);
  }

  private static String trace(int number) {
    return "4bf92f3577b34da6a3ce929d0e0e47%02x".formatted(number);
  }

  private static void publish(String id, String trace, String flags, String data) throws Exception {
    stack.publish(
        Map.of(
            "ce_specversion", "1.0",
            "ce_id", id,
            "ce_source", Stack.SOURCE,
            "ce_type", "dev.espalier.model.trained.v1",
            "content-type", "application/json",
            "traceparent", "00-" + trace + "-" + PRODUCER + "-" + flags,
            "tracestate", "vendor=1"),
        "cnn",
        data);
  }

  private static Topics.Seen answer(String id) {
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      List<Topics.Seen> answers =
          topics.awaitDrained("espalier").stream()
              .filter(
                  seen ->
                      seen.header("ce_causationid").equals(id)
                          || seen.topic().equals("model-trained-dlq")
                              && seen.header("ce_id").equals(id))
              .toList();
      assertThat(answers).as(id).hasSize(1);
      return answers.get(0);
    }
  }

  private static List<Received> of(String trace) {
    return receiver.spans().stream()
        .filter(span -> span.trace().equals(trace))
        .sorted(Comparator.comparingLong(Received::startNanos))
        .toList();
  }

  /** Spans are sent when they end, a moment after the result. */
  private static void awaitEnded(String trace, int records) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(of(trace))
                    .filteredOn(span -> span.name().equals("process model-trained"))
                    .hasSize(records));
  }

  private static List<Received> named(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static Received one(List<Received> spans, String name) {
    List<Received> found = named(spans, name);
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static List<String> children(List<Received> spans, Received parent) {
    return spans.stream()
        .filter(span -> span.parent().equals(parent.id()))
        .map(Received::name)
        .toList();
  }
}
