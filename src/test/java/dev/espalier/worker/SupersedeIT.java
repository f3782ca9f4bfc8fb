package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.local.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a model that come faster than they are pruned, in a worker told to skip. */
class SupersedeIT {
  @TempDir private static Path directory;

  @Test
  void shouldPruneTheNewestVersionAndAnswerForEachOlderOneInOrder() throws Exception {
    try (Stack stack = Stack.start(directory, 1);
        WorkerProcess worker = stack.worker("espalier.policies.supersede", "true").awaitReady();
        Topics topics = new Topics(stack.bootstrapServers())) {
      stack.publish("v1", "cnn", Events.unending("cnn", "1"));
      stack.publish("v1", "cnn", Events.unending("cnn", "1"));
      stack.publish("other", "mlp", Events.good("mlp", "1"));
      // Its own copy and another model wait behind it: it goes on.
      Claims.awaitStep(stack, "v1");
      stack.publish("v2", "cnn", Events.unending("cnn", "2"));
      stack.publish("v3", "cnn", Events.good("cnn", "3"));

      List<Topics.Seen> seen = topics.awaitDrained("espalier");
      assertThat(seen.stream().filter(s -> s.topic().equals("model-not-pruned")).toList())
          .extracting(s -> s.header("ce_causationid") + " " + s.verdict())
          .containsExactly("v1 superseded", "v2 superseded");
      assertThat(seen.stream().filter(s -> s.topic().equals("model-pruned")).toList())
          .extracting(s -> s.header("ce_causationid") + " " + s.verdict())
          .containsExactly("other pruned", "v3 pruned");
      assertThat(seen).hasSize(4);
      assertThat(message(seen, "v1")).contains("version 2 ", "model-trained-0, offset 3;");
      assertThat(message(seen, "v2")).contains("version 3 ", "model-trained-0, offset 4;");
      assertThat(stack.output("jobs/" + Stack.job("v2") + "/attempts")).doesNotExist();
      assertThat(worker.metrics())
          .containsPattern("espalier_jobs_total\\{verdict=\"superseded\",?\\} 2");
    }
  }

  private static String message(List<Topics.Seen> seen, String id) {
    return seen.stream()
        .filter(s -> s.header("ce_causationid").equals(id))
        .map(s -> s.json().at("/result/reason/message").asText())
        .findFirst()
        .orElseThrow();
  }
}
