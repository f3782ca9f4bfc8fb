package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.StoreProxy;
import dev.espalier.local.StoreProxy.Moment;
import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The world around the packaged worker fails for a while. Every event has its one result in the
 * end, and none is dead-lettered or refused for it.
 */
class WorldIT {
  private static final int STORM = 15;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

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
  void shouldAnswerOnceWhenTheBrokerWasAway() throws Exception {
    try (WorkerProcess worker = stack.worker().awaitReady()) {
      stack.publish("broker-away", "cnn", Events.slow("cnn", "1"));
      await().atMost(PATIENCE).until(() -> worker.log().contains("Checkpoint written"));
      stack.broker().pause();
      // Longer than the session timeout of the group and the delivery timeout of its producers.
      assertThat(worker.awaitExit(Duration.ofSeconds(25))).isFalse();
      stack.broker().resume();

      assertThat(answers("broker-away")).containsExactly("model-pruned pruned");
      assertThat(worker.health("live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shouldAnswerOnceWhenTheStoreWasOverloadedForbiddingAndSlow() throws Exception {
    try (StoreProxy proxy = StoreProxy.before(stack.store().endpoint());
        WorkerProcess worker =
            stack.worker("espalier.store.endpoint", proxy.endpoint()).awaitReady()) {
      Moment[] storm = {
        Moment.OVERLOADED, Moment.SKEWED, Moment.SLOW, Moment.BROKEN, Moment.FORBIDDEN
      };
      AtomicInteger count = new AtomicInteger();
      // Health checks look at the store as well: only the jobs' objects have bad weather.
      proxy.set(
          request -> {
            boolean job = request.contains("/models/") || request.contains("/jobs/");
            int number = job ? count.getAndIncrement() : STORM;
            return number < STORM ? storm[number % storm.length] : Moment.FAIR;
          });
      stack.publish("storm", "cnn", Events.good("cnn", "2"));

      assertThat(answers("storm")).containsExactly("model-pruned pruned");
      assertThat(worker.log()).contains("Object store fault");
    }
  }

  @Test
  void shouldAnswerOnceWhenTheScratchDiskWasFull() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("small-disk"));
    Assumptions.assumeTrue(mounted(disk, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs"));
    try (WorkerProcess worker =
        stack.worker("espalier.work-directory", disk.resolve("work").toString()).awaitReady()) {
      stack.publish("disk-full", "cnn", Events.good("cnn", "3"));
      await().atMost(PATIENCE).until(() -> worker.log().contains("Record not handled"));
      assertThat(mounted(disk, "mount", "-o", "remount,size=256m")).isTrue();

      assertThat(answers("disk-full")).containsExactly("model-pruned pruned");
      assertThat(worker.log()).contains("No space left on device");
    } finally {
      mounted(disk, "umount");
    }
  }

  private static List<String> answers(String id) {
    try (Topics topics = new Topics(stack.bootstrapServers())) {
      return topics.awaitDrained("espalier").stream()
          .filter(
              seen -> seen.header("ce_causationid").equals(id) || seen.header("ce_id").equals(id))
          .map(
              seen ->
                  seen.topic().equals("model-trained-dlq")
                      ? seen.topic()
                      : seen.topic() + " " + seen.verdict())
          .toList();
    }
  }

  /** Only who may mount can make a disk that is full. */
  private static boolean mounted(Path at, String... command)
      throws IOException, InterruptedException {
    List<String> line = new java.util.ArrayList<>(List.of(command));
    line.add(at.toString());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
