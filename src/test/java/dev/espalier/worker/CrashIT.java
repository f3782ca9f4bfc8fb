package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.local.WorkerProcess;
import dev.espalier.worker.config.FaultPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Killed anywhere, with no time to say goodbye: one result each, nothing lost. */
class CrashIT {
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

  @ParameterizedTest
  @EnumSource(FaultPoint.class)
  void shouldGiveOneResultWhenWorkerIsKilledAt(FaultPoint point) throws Exception {
    String id = "killed-" + point;
    try (WorkerProcess doomed = stack.worker("espalier.fault-point", point.name())) {
      stack.publish(id, "cnn", Events.good("cnn", "1"));
      await().atMost(PATIENCE).until(() -> !doomed.isAlive());
    }
    try (WorkerProcess successor = stack.worker();
        Topics topics = new Topics(stack.bootstrapServers())) {
      List<Topics.Seen> seen = answering(topics.awaitDrained("espalier"), id);
      assertThat(seen).singleElement().satisfies(s -> assertThat(s.verdict()).isEqualTo("pruned"));
      assertThat(seen.get(0).text()).isEqualTo(committed(id));
      assertThat(successor.isAlive()).isTrue();
    }
  }

  @Test
  void shouldGoOnFromCheckpointWhenEngineIsKilled() throws Exception {
    try (WorkerProcess worker = stack.worker();
        Topics topics = new Topics(stack.bootstrapServers())) {
      stack.publish("engine-killed", "cnn", Events.slow("cnn", "2"));
      awaitCheckpoint("engine-killed");
      ProcessHandle engine = engineOf(worker);
      engine.destroyForcibly();
      engine.onExit().get();
      List<Topics.Seen> seen = answering(topics.awaitDrained("espalier"), "engine-killed");
      assertThat(seen).hasSize(1);
      JsonNode result = seen.get(0).json();
      assertThat(result.at("/job/attempt").asInt()).isEqualTo(2);
      assertThat(result.at("/job/resumedFrom").asInt()).isPositive();
      assertThat(worker.metrics())
          .containsPattern("espalier_engine_restarts_total\\{cause=\"engine-crashed\",?\\} 1");
    }
  }

  @Test
  void shouldLeaveSoonAndLoseNothingWhenTerminated() throws Exception {
    try (WorkerProcess first = stack.worker()) {
      stack.publish("terminated", "cnn", Events.slow("cnn", "3"));
      awaitCheckpoint("terminated");
      ProcessHandle engine = engineOf(first);
      assertThat(first.terminate(Duration.ofSeconds(20))).isTrue();
      assertThat(engine.isAlive()).isFalse();
    }
    try (WorkerProcess second = stack.worker();
        Topics topics = new Topics(stack.bootstrapServers())) {
      List<Topics.Seen> seen = answering(topics.awaitDrained("espalier"), "terminated");
      assertThat(seen).hasSize(1);
      assertThat(seen.get(0).json().at("/job/resumedFrom").asInt()).isPositive();
      assertThat(second.isAlive()).isTrue();
    }
  }

  private static void awaitCheckpoint(String id) {
    Path checkpoints = stack.output("jobs/" + Stack.job(id) + "/checkpoints");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!Files.isDirectory(checkpoints)) {
                return false;
              }
              try (Stream<Path> files = Files.list(checkpoints)) {
                return files.findAny().isPresent();
              }
            });
  }

  private static ProcessHandle engineOf(WorkerProcess worker) {
    return ProcessHandle.of(worker.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(p -> p.info().commandLine().orElse("").contains("EngineMain"))
        .findFirst()
        .orElseThrow();
  }

  private static String committed(String id) throws IOException {
    Path record = stack.output("jobs/" + Stack.job(id) + "/result.json");
    return ContractJson.mapper().readTree(Files.readAllBytes(record)).get("value").textValue();
  }

  private static List<Topics.Seen> answering(List<Topics.Seen> seen, String id) {
    return seen.stream().filter(s -> s.header("ce_causationid").equals(id)).toList();
  }
}
