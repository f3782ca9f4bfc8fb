package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Schemas;
import dev.espalier.local.WorkerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten events, good and bad, through the packaged worker, a real broker and a real S3 server. */
class TenEventsIT {
  @TempDir private static Path directory;
  private static Stack stack;
  private static WorkerProcess worker;
  private static List<Topics.Seen> seen;

  @BeforeAll
  static void run() throws Exception {
    stack = Stack.start(directory, 2);
    stack.upload("models", "hostile.zip", hostileZip());
    worker = stack.worker("espalier.engine.slots", "2").awaitReady();
    stack.publish("good-1", "cnn-a", Events.good("cnn-a", "1"));
    stack.publish(Map.of("ce_id", "malformed"), "cnn-a", "{");
    stack.publish("missing", "cnn-a", Events.missing("cnn-a", "2"));
    stack.publish("gate", "cnn-b", Events.destructive("cnn-b", "1"));
    stack.publish("good-1", "cnn-a", Events.good("cnn-a", "1"));
    stack.publish("good-2", "cnn-a", Events.good("cnn-a", "3"));
    stack.publish("good-2", "cnn-a", Events.good("cnn-a", "4"));
    stack.publish("hostile", "cnn-b", Events.hostile("cnn-b", "2"));
    stack.publish("good-3", "cnn-b", Events.good("cnn-b", "3"));
    stack.publish("good-4", "cnn-a", Events.good("cnn-a", "5"));
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      seen = topics.awaitDrained("espalier");
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
  void shouldGiveEachEventExactlyOneResultOnTheRightTopic() {
    assertThat(results())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "good-1", "model-pruned pruned",
                "good-2", "model-pruned pruned",
                "good-3", "model-pruned pruned",
                "good-4", "model-pruned pruned",
                "missing", "model-not-pruned refused",
                "gate", "model-not-pruned rejected",
                "hostile", "model-not-pruned refused"));
    assertThat(seen).hasSize(9);
  }

  @Test
  void shouldDeadLetterWhatIsNoEventAndWhatReusesAnId() {
    assertThat(seen.stream().filter(s -> s.topic().equals("model-trained-dlq")))
        .satisfiesExactlyInAnyOrder(
            malformed -> {
              assertThat(malformed.header("espalier-reason-code")).isEqualTo("not-a-cloudevent");
              assertThat(malformed.header("ce_id")).isEqualTo("malformed");
              assertThat(malformed.text()).isEqualTo("{");
            },
            conflicting -> {
              assertThat(conflicting.header("espalier-reason-code"))
                  .isEqualTo("conflicting-duplicate");
              assertThat(conflicting.header("ce_id")).isEqualTo("good-2");
              assertThat(conflicting.text()).isEqualTo(Events.good("cnn-a", "4"));
            });
  }

  @Test
  void shouldFollowOrderOfEventsInTheResultsOfOneModel() {
    assertThat(causes("cnn-a", "model-pruned")).containsExactly("good-1", "good-2", "good-4");
    assertThat(causes("cnn-b", "model-not-pruned")).containsExactly("gate", "hostile");
    List<Long> offsets =
        seen.stream()
            .filter(s -> s.topic().equals("model-pruned") && key(s).equals("cnn-a"))
            .map(s -> s.json().at("/job/source/offset").asLong())
            .toList();
    assertThat(offsets).isSorted();
  }

  @Test
  void shouldWriteEventsOfTheContract() {
    for (Topics.Seen result : withoutDeadLetters()) {
      assertThat(Schemas.modelResult().violations(result.json())).isEmpty();
      assertThat(result.header("ce_id"))
          .isEqualTo(Stack.job(result.header("ce_causationid")).resultEventId().toString());
      assertThat(result.header("ce_source")).isEqualTo("/espalier/local");
      assertThat(result.header("ce_partitionkey")).isEqualTo(key(result));
    }
  }

  @Test
  void shouldNameReasonsOfRefusals() {
    Map<String, String> codes =
        withoutDeadLetters().stream()
            .filter(s -> !s.json().at("/result/reason").isMissingNode())
            .collect(
                Collectors.toMap(
                    s -> s.header("ce_causationid"),
                    s -> s.json().at("/result/reason/code").asText()));
    assertThat(codes)
        .containsEntry("missing", "object-missing")
        .containsEntry("gate", "gate-failed")
        .containsEntry("hostile", "archive-entry-not-allowed");
  }

  @Test
  void shouldHavePushedTheModelThatItAnnounces() throws IOException {
    Topics.Seen result =
        seen.stream().filter(s -> s.header("ce_causationid").equals("good-3")).findFirst().get();
    String uri = result.json().at("/output/uri").asText();
    byte[] model = Files.readAllBytes(stack.output(uri.substring("s3://espalier/".length())));
    assertThat(dev.espalier.contract.Sha256.of(model).hex())
        .isEqualTo(result.json().at("/output/sha256").asText());
    assertThat(result.json().at("/result/sparsity").asDouble()).isBetween(0.49, 0.51);
    assertThat(stack.output("jobs/" + Stack.job("good-3") + "/announced")).exists();
  }

  @Test
  void shouldExposeEveryMetricThatTheDashboardNames() throws Exception {
    String metrics = worker.metrics();
    Matcher names =
        Pattern.compile("\\b(espalier|kafka|jvm|process)_[a-z_]+\\b")
            .matcher(Files.readString(Path.of("grafana/dashboards/pruning-overview.json")));
    List<String> missing =
        names
            .results()
            .map(name -> name.group())
            .distinct()
            .filter(name -> !Pattern.compile("(?m)^" + name + "[{ ]").matcher(metrics).find())
            .toList();
    assertThat(missing).isEmpty();
    assertThat(metrics)
        .containsPattern("espalier_jobs_total\\{verdict=\"pruned\",?\\} 4")
        .containsPattern("espalier_dead_letters_total\\{reason=\"not-a-cloudevent\",?\\} 1")
        .containsPattern("espalier_redeliveries_total\\{kind=\"acknowledged\",?\\} 1");
  }

  @Test
  void shouldBeHealthy() throws Exception {
    assertThat(worker.health("live").statusCode()).isEqualTo(200);
    assertThat(worker.health("ready").statusCode()).isEqualTo(200);
    assertThat(worker.health("started").statusCode()).isEqualTo(200);
  }

  private static Map<String, String> results() {
    return withoutDeadLetters().stream()
        .collect(
            Collectors.toMap(
                s -> s.header("ce_causationid"),
                s -> s.topic() + " " + s.verdict(),
                (a, b) -> a + " and again " + b));
  }

  private static List<Topics.Seen> withoutDeadLetters() {
    return seen.stream().filter(s -> !s.topic().equals("model-trained-dlq")).toList();
  }

  private static List<String> causes(String key, String topic) {
    return seen.stream()
        .filter(s -> s.topic().equals(topic) && key(s).equals(key))
        .map(s -> s.header("ce_causationid"))
        .toList();
  }

  private static String key(Topics.Seen seen) {
    return new String(seen.record().key(), UTF_8);
  }

  /** A DL4J archive with the entry that DL4J's own loader would deserialise. */
  private static byte[] hostileZip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      entries.put("configuration.json", "{}".getBytes(UTF_8));
      entries.put("coefficients.bin", new byte[16]);
      entries.put("preprocessor.bin", new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
