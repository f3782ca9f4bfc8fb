package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that someone asked to end, in packaged workers: one result each, whoever saw the request.
 */
class CancelIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void shouldEndTheRunningAndTheWaitingJobAndNoOther() throws Exception {
    try (WorkerProcess worker = stack.worker().awaitReady()) {
      stack.publish("running", "cnn", Events.unending("cnn", "1"));
      stack.publish("waiting", "cnn", Events.good("cnn", "2"));
      stack.publish("kept", "cnn", Events.good("cnn", "3"));
      Claims.awaitStep(stack, "running");
      cancel("running");
      cancel("waiting");

      List<Topics.Seen> seen = seen();
      assertThat(answers(seen, "running")).containsExactly("model-not-pruned failed cancelled");
      assertThat(answers(seen, "waiting")).containsExactly("model-not-pruned failed cancelled");
      assertThat(answers(seen, "kept")).containsExactly("model-pruned pruned ");
      assertThat(worker.log()).doesNotContain("Attempt without outcome", "Record not handled");
      assertThat(stack.output("artifacts/" + Stack.job("running"))).doesNotExist();
      assertThat(stack.output("jobs/" + Stack.job("waiting") + "/attempts")).doesNotExist();
    }
  }

  @Test
  void shouldGiveOneResultWhenOneWorkerSeesTheRequestAndAnotherWakesUpAtItsEnd() throws Exception {
    try (WorkerProcess frozen = stack.worker().awaitReady()) {
      stack.publish("twice", "cnn", Events.unending("cnn", "4"));
      Claims.awaitStep(stack, "twice");
      frozen.pause();
      try (WorkerProcess successor = stack.worker().awaitReady()) {
        cancel("twice");
        assertThat(answers(seen(), "twice")).containsExactly("model-not-pruned failed cancelled");
        frozen.resume();
        await().atMost(PATIENCE).until(() -> frozen.log().contains("Partitions lost"));
        stack.publish("after", "cnn", Events.good("cnn", "5"));

        List<Topics.Seen> seen = seen();
        assertThat(answers(seen, "twice")).containsExactly("model-not-pruned failed cancelled");
        assertThat(answers(seen, "after")).containsExactly("model-pruned pruned ");
        assertThat(successor.isAlive()).isTrue();
      }
    }
  }

  private static void cancel(String id) throws IOException {
    stack.upload(
        "espalier",
        "jobs/" + Stack.job(id) + "/cancel",
        "{\"who\": \"ada\", \"requested\": \"2026-11-24T12:00:00Z\"}".getBytes(UTF_8));
  }

  private static List<Topics.Seen> seen() {
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      return topics.awaitDrained("espalier");
    }
  }

  private static List<String> answers(List<Topics.Seen> seen, String id) {
    return seen.stream()
        .filter(s -> s.header("ce_causationid").equals(id))
        .map(s -> s.topic() + " " + s.verdict() + " " + s.json().at("/result/reason/code").asText())
        .toList();
  }
}
