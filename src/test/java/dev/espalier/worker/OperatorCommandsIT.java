package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operators' commands, as the packaged program, beside a running worker. */
class OperatorCommandsIT {
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  @TempDir private static Path directory;
  private static Stack stack;
  private static WorkerProcess worker;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 2);
    worker = stack.worker().awaitReady();
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    stack.close();
  }

  @Test
  void shouldSendADeadLetterBackOnceAndAsItCame() throws Exception {
    // As a version of the schema left it that did not know what this one knows.
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            "model-trained-dlq", 0, "cnn".getBytes(UTF_8), Events.good("cnn", "1").getBytes(UTF_8));
    headers("letter").forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
    letter.headers().add("espalier-reason-code", "schema-violation".getBytes(UTF_8));
    letter.headers().add("espalier-reason", "a field is unknown".getBytes(UTF_8));
    letter
        .headers()
        .add(
            "espalier-source",
            "{\"topic\":\"model-trained\",\"partition\":1,\"offset\":0}".getBytes(UTF_8));
    stack.publish(letter);
    stack.publish(Map.of("ce_id", "malformed"), "cnn", "{");
    seen();

    JsonNode listed = run(0, "redrive", "--json").document();
    assertThat(listed.get("executed").asBoolean()).isFalse();
    assertThat(states(listed))
        .containsExactlyInAnyOrder("schema-violation waiting", "not-a-cloudevent waiting");
    JsonNode sent =
        run(0, "redrive", "--reason", "schema-violation", "--execute", "--json").document();
    assertThat(states(sent)).containsExactly("schema-violation redriven");
    JsonNode again =
        run(0, "redrive", "--reason", "schema-violation", "--execute", "--json").document();
    assertThat(states(again)).isEmpty();
    String offset = sent.at("/letters/0/at/offset").asText();
    JsonNode known =
        run(0, "redrive", "--partition", "0", "--offset", offset, "--execute", "--json").document();
    assertThat(states(known)).containsExactly("schema-violation redriven-before");

    List<Topics.Seen> answers =
        seen().stream().filter(s -> s.header("ce_causationid").equals("letter")).toList();
    assertThat(answers).singleElement().satisfies(s -> assertThat(s.verdict()).isEqualTo("pruned"));
    assertThat(answers.get(0).json().at("/job/source/partition").asInt()).isEqualTo(1);
  }

  @Test
  void shouldMakeANewLetterWithTheSameBytesWhenWhatIsSentBackFailsAgain() throws Exception {
    stack.publish(Map.of("ce_id", "still-bad", "own", "kept"), "mlp", "[1]");
    seen();
    JsonNode listed = run(0, "redrive", "--json").document();
    JsonNode own = null;
    for (JsonNode letter : listed.get("letters")) {
      own = letter.get("message").asText().contains("not a JSON object") ? letter : own;
    }
    String[] one = {
      "redrive",
      "--json",
      "--execute",
      "--partition",
      own.at("/at/partition").asText(),
      "--offset",
      own.at("/at/offset").asText()
    };
    assertThat(states(run(0, one).document())).containsExactly("not-a-cloudevent redriven");

    List<Topics.Seen> letters =
        seen().stream()
            .filter(s -> s.header("ce_id").equals("still-bad") && s.record().value() != null)
            .toList();
    assertThat(letters).hasSize(2);
    Topics.Seen second = letters.get(1);
    assertThat(second.text()).isEqualTo("[1]");
    assertThat(second.record().headers())
        .extracting(header -> header.key())
        .containsExactlyInAnyOrder(
            "ce_id",
            "own",
            "espalier-redriven",
            "espalier-reason-code",
            "espalier-reason",
            "espalier-source");
  }

  @Test
  void shouldAnnounceAResultAgainByteForByte() throws Exception {
    stack.publish("replayed", "cnn", Events.good("cnn", "7"));
    seen();
    String job = Stack.job("replayed").value();
    JsonNode document = run(0, "replay", "--job", job, "--json").document();
    assertThat(document.at("/jobs/0/topic").asText()).isEqualTo("model-pruned");

    List<Topics.Seen> both =
        seen().stream().filter(s -> s.header("ce_causationid").equals("replayed")).toList();
    assertThat(both).hasSize(2);
    assertThat(both.get(1).record().value()).isEqualTo(both.get(0).record().value());
    assertThat(both.get(1).record().key()).isEqualTo(both.get(0).record().key());
    assertThat(both.get(1).record().headers()).isEqualTo(both.get(0).record().headers());

    Ended unknown = run(1, "replay", "--job", Stack.job("nobody").value());
    assertThat(unknown.err).contains("without a result: [" + Stack.job("nobody") + "]");

    // As a worker leaves it that dies between the transaction and the marker.
    Files.delete(stack.output("jobs/" + job + "/announced"));
    stack.publish("newest", "cnn", Events.good("cnn", "8"));
    seen();
    assertThat(run(0, "replay", "--job", job).err)
        .contains("a later version of the model was accepted after [" + job + "]");
    assertThat(run(0, "replay", "--job", Stack.job("newest").value()).err)
        .doesNotContain("a later version");
  }

  @Test
  void shouldNotAnnounceBeforeTheWorkerWhatIsOnlyCommitted() throws Exception {
    stack.publish("committed", "cnn", Events.good("cnn", "9"));
    seen();
    String result =
        Files.readString(stack.output("jobs/" + Stack.job("committed") + "/result.json"));
    String ahead = result.replaceAll("(offset[^0-9,}]*)[0-9]+", "$11000000");
    assertThat(ahead).isNotEqualTo(result);
    String early = Stack.job("early").value();
    stack.upload("espalier", "jobs/" + early + "/result.json", ahead.getBytes(UTF_8));

    int before = seen().size();
    Ended ended = run(1, "replay", "--json", "--job", early);
    assertThat(ended.document().at("/jobs/0/state").asText()).isEqualTo("not-announced-yet");
    assertThat(ended.err).contains("not announced yet, left to the workers: [" + early + "]");
    assertThat(seen()).hasSize(before);
  }

  @Test
  void shouldSendALetterBackOnceWhenATransactionIsOpenBehindIt() throws Exception {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(
            "model-trained-dlq", 1, "mlp".getBytes(UTF_8), Events.good("mlp", "3").getBytes(UTF_8));
    headers("behind").forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
    letter.headers().add("espalier-reason-code", "conflicting-duplicate".getBytes(UTF_8));
    stack.publish(letter);
    String[] command = {"redrive", "--reason", "conflicting-duplicate", "--execute", "--json"};
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                stack.bootstrapServers(),
                "transactional.id",
                "other",
                "transaction.timeout.ms",
                5_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      other.initTransactions();
      other.beginTransaction();
      other.send(new ProducerRecord<>("model-trained-dlq", 1, new byte[0], new byte[0])).get();

      assertThat(states(run(0, command).document()))
          .containsExactly("conflicting-duplicate redriven");
      assertThat(states(run(0, command).document())).isEmpty();
    }
    assertThat(seen().stream().filter(s -> s.header("ce_causationid").equals("behind"))).hasSize(1);
  }

  @Test
  void shouldCancelARunningJobAndSayWhenItIsTooLate() throws Exception {
    stack.publish("unwanted", "cnn", Events.unending("cnn", "9"));
    Claims.awaitStep(stack, "unwanted");
    String job = Stack.job("unwanted").value();
    JsonNode asked = run(0, "cancel", job, "--by", "ada", "--json").document();
    assertThat(asked.get("answer").asText()).isEqualTo("requested");

    assertThat(seen().stream().filter(s -> s.header("ce_causationid").equals("unwanted")))
        .singleElement()
        .satisfies(
            s ->
                assertThat(s.json().at("/result/reason/message").asText())
                    .startsWith("cancelled by ada at "));
    Ended late = run(1, "cancel", job, "--json");
    assertThat(late.document().get("answer").asText()).isEqualTo("finished");
    assertThat(late.err).contains(job + " has its result");
  }

  @Test
  void shouldNameWhatIsWrongWithTheConfiguration() throws Exception {
    Ended ended = run(1, Map.of("espalier.deployment", "Not Allowed"), "redrive");
    assertThat(ended.err).contains("espalier.deployment");
    assertThat(ended.out).isEmpty();
  }

  private static Map<String, String> headers(String id) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id);
    headers.put("ce_source", Stack.SOURCE);
    headers.put("ce_type", "dev.espalier.model.trained.v1");
    headers.put("content-type", "application/json");
    return headers;
  }

  private static List<String> states(JsonNode document) {
    List<String> states = new ArrayList<>();
    document
        .get("letters")
        .forEach(l -> states.add(l.get("reason").asText() + " " + l.get("state").asText()));
    return states;
  }

  private static List<Topics.Seen> seen() {
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      return topics.awaitDrained("espalier");
    }
  }

  private static Ended run(int exit, String... arguments) throws Exception {
    return run(exit, Map.of(), arguments);
  }

  private static Ended run(int exit, Map<String, String> changed, String... arguments)
      throws IOException, InterruptedException {
    Properties properties = new Properties();
    properties.putAll(WorkerProcess.configuration(stack.broker(), stack.store()));
    properties.putAll(changed);
    Path file = directory.resolve("operator.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Dquarkus.config.locations=" + file.toUri(), "-jar", JAR.toString()));
    line.addAll(List.of(arguments));
    Path out = directory.resolve("stdout");
    Path err = directory.resolve("stderr");
    Process process =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    Ended ended = new Ended(Files.readString(out), Files.readString(err));
    assertThat(process.exitValue()).as(ended.err).isEqualTo(exit);
    return ended;
  }

  private record Ended(String out, String err) {
    JsonNode document() throws IOException {
      assertThat(out).hasLineCount(1);
      return ContractJson.mapper().readTree(out);
    }
  }
}
