package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Schemas;
import dev.espalier.engine.archive.ArchiveHazardsTest;
import dev.espalier.engine.data.DataHazards;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.keras.KerasHazardsTest;
import dev.espalier.engine.format.onnx.OnnxHazardsTest;
import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile and broken events through the packaged worker, a real broker and a real S3 server, all in
 * one partition: each ends as the contract says, and good ones between and behind them are pruned.
 */
class HostileEventsIT {
  private static final int REPLAYS = 300;
  private static final int TOPIC_BYTES = 12 << 20;
  private static final List<HostileEvent> HOSTILE = HostileEvent.all();

  @TempDir private static Path directory;
  private static Stack stack;
  private static WorkerProcess worker;
  private static List<Topics.Seen> seen;

  @BeforeAll
  static void run() throws Exception {
    stack = Stack.start(directory, 1);
    uploadHostileObjects();
    allowLargeRecords();
    worker = stack.worker("espalier.limits.model-bytes", "1M").awaitReady();
    stack.publish(HostileEvent.good("good-before"));
    for (HostileEvent event : HOSTILE) {
      stack.publish(event.record());
    }
    stack.publish(HostileEvent.good("good-after"));
    for (int i = 0; i < REPLAYS; i++) {
      stack.publish(HostileEvent.good("good-after"));
    }
    stack.publish("good-after", "cnn", Events.good("cnn", "2"));
    stack.publish(HostileEvent.good("good-last"));
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      seen = topics.awaitDrained("espalier");
    }
  }

  private static void uploadHostileObjects() throws IOException {
    stack.upload("models", "large.onnx", new byte[2 << 20]);
    stack.upload("models", "java-stream", named(OnnxHazardsTest.hazards(), "Java stream"));
    stack.upload(
        "models", "preprocessor", named(ArchiveHazardsTest.hazards(), "serialised preprocessor"));
    stack.upload(
        "models", "zip-bomb", named(ArchiveHazardsTest.hazards(), "zeros in an unused entry"));
    stack.upload(
        "models",
        "external-data",
        named(OnnxHazardsTest.hazards(), "external data at ../../secret"));
    stack.upload("models", "lambda", named(KerasHazardsTest.hazards(), "Lambda layer"));
    stack.upload("models", "nan-weights", named(OnnxHazardsTest.hazards(), "NaN"));
    stack.upload(
        "datasets", "pickled.npz", named(DataHazards.hazards(), "header: pickled objects"));
  }

  private static byte[] named(Stream<Hazard> hazards, String name) throws IOException {
    return hazards
        .filter(hazard -> hazard.name().equals(name))
        .findFirst()
        .orElseThrow()
        .content()
        .bytes();
  }

  /** Records of ten megabytes reach a worker only where the operator lets them. */
  private static void allowLargeRecords() throws Exception {
    assertThatThrownBy(
            () -> {
              for (HostileEvent event : HOSTILE) {
                if (event.id().equals("ten-megabytes")) {
                  stack.publish(event.record());
                }
              }
            })
        .hasRootCauseInstanceOf(org.apache.kafka.common.errors.RecordTooLargeException.class);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, "model-trained"),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", Integer.toString(TOPIC_BYTES)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    stack.close();
  }

  @Test
  void shouldEndEveryHostileEventAsTheContractSays() {
    Map<String, String> ends = ends();
    List<String> wrong = new ArrayList<>();
    for (HostileEvent event : HOSTILE) {
      String end = ends.getOrDefault(event.id(), "nothing");
      System.out.printf("%-22s %s%n", event.id(), end);
      if (!end.equals(event.end())) {
        wrong.add(event.id() + ": " + end + ", and not " + event.end());
      }
    }
    System.out.printf(
        "hostile events: %d of %d as expected%n", HOSTILE.size() - wrong.size(), HOSTILE.size());
    assertThat(wrong).isEmpty();
  }

  @Test
  void shouldPruneTheGoodEventsBetweenAndBehind() {
    assertThat(ends())
        .containsEntry("good-before", "pruned")
        .containsEntry("good-after", "pruned, and dead-letter conflicting-duplicate")
        .containsEntry("good-last", "pruned");
  }

  @Test
  void shouldAnswerEachEventOnceHoweverOftenItIsReplayed() throws Exception {
    assertThat(seen).hasSize(HOSTILE.size() + 4);
    assertThat(worker.metrics())
        .containsPattern("espalier_redeliveries_total\\{kind=\"acknowledged\",?\\} " + REPLAYS);
  }

  @Test
  void shouldLiveAndLogNoLineThatAnEventForged() throws Exception {
    assertThat(worker.health("live").statusCode()).isEqualTo(200);
    assertThat(worker.health("ready").statusCode()).isEqualTo(200);
    assertThat(worker.log())
        .doesNotContain("OutOfMemoryError")
        .doesNotContain("Record not handled");
  }

  @Test
  void shouldWriteResultsOfTheContract() {
    seen.stream()
        .filter(s -> !s.topic().equals("model-trained-dlq"))
        .forEach(
            s -> {
              assertThat(Schemas.modelResult().violations(s.json())).isEmpty();
              assertThat(new String(s.record().key())).isEqualTo("cnn");
              assertThat(s.header("traceparent")).isEmpty();
            });
  }

  /** How each event ended, by id; more than one end is joined. */
  private static Map<String, String> ends() {
    Map<String, String> ends = new TreeMap<>();
    for (Topics.Seen s : seen) {
      boolean dead = s.topic().equals("model-trained-dlq");
      String id = dead ? deadId(s) : s.header("ce_causationid");
      String end =
          dead
              ? "dead-letter " + s.header("espalier-reason-code")
              : (s.verdict() + " " + s.json().at("/result/reason/code").asText()).strip();
      ends.merge(id, end, (first, second) -> first + ", and " + second);
    }
    return ends;
  }

  /** An abridged dead letter has only the coordinates of what it stands for. */
  private static String deadId(Topics.Seen letter) {
    String id = letter.header("test-id");
    if (id.isEmpty()) {
      id = letter.header("ce_id");
    }
    if (!id.isEmpty()) {
      return id;
    }
    String source = letter.header("espalier-source");
    for (int i = 0; i < HOSTILE.size(); i++) {
      // The first record is the good one before them.
      if (source.contains("\"offset\":" + (i + 1) + "}")
          || source.contains("\"offset\":" + (i + 1) + ",")) {
        return HOSTILE.get(i).id();
      }
    }
    return source;
  }
}
