package dev.espalier.worker.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AcceptedModelsTest {
  private static final String MODEL = "fashion-cnn";
  private static final S3Uri OBJECT =
      new S3Uri("espalier", "models/fashion-cnn/last-accepted.json");
  private static final Policy SEARCHING =
      PolicyReader.readYaml("{name: s, search: {enabled: true}}");

  private final ObjectStore store = new InMemoryObjectStore();
  private final AcceptedModels accepted = new AcceptedModels(store, Keys.in("espalier"));

  @Test
  void shouldStartTheNextSearchWhereTheLastAcceptedVersionEnded() throws IOException {
    assertThat(accepted.warmStart(MODEL, SEARCHING)).isEmpty();

    accepted.advance(pruned(4, 0.83));

    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.83);
    assertThat(accepted.warmStart("another", SEARCHING)).isEmpty();
    assertThat(accepted.warmStart(MODEL, PolicyReader.readYaml("name: fixed"))).isEmpty();
    assertThat(
            accepted.warmStart(
                MODEL,
                PolicyReader.readYaml(
                    "{name: s, granularity: {block: [4, 1]}, search: {enabled: true}}")))
        .isEmpty();
    JsonNode stored = ContractJson.mapper().readTree(store.read(OBJECT, 1 << 20).orElseThrow());
    assertThat(stored.at("/model").asText()).startsWith("s3://");
    assertThat(stored.at("/source/offset").asLong()).isEqualTo(4);
    assertThat(stored.at("/layers")).isNotEmpty();
  }

  @Test
  void shouldNeverGoBackToAnEarlierEvent() throws IOException {
    accepted.advance(pruned(7, 0.7));
    accepted.advance(pruned(6, 0.6));
    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.7);

    accepted.advance(pruned(8, 0.5));
    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.5);
  }

  @Test
  void shouldTellResultsThatALaterEventsHasReplaced() throws IOException {
    assertThat(accepted.isOutdated(pruned(6, 0.6))).isFalse();
    accepted.advance(pruned(7, 0.7));
    assertThat(accepted.isOutdated(pruned(6, 0.6))).isTrue();
    assertThat(accepted.isOutdated(pruned(7, 0.7))).isFalse();
    assertThat(accepted.isOutdated(record(result("pruned", 6, 0.6, 5)))).isFalse();
    assertThat(accepted.isOutdated(record(result("rejected", 6, 0.6, 3)))).isFalse();
  }

  @Test
  void shouldFollowTheModelWhenItsRecordsComeByAnotherPartition() throws IOException {
    accepted.advance(pruned(700, 0.7));
    accepted.advance(record(result("pruned", 2, 0.6, 5)));

    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.6);
  }

  @Test
  void shouldTakeNoNoteOfWhatWasNotAccepted() throws IOException {
    for (String verdict : List.of("rejected", "no-benefit", "refused", "failed")) {
      accepted.advance(record(result(verdict, 1, 0.6, 3)));
    }
    assertThat(store.read(OBJECT, 1)).isEmpty();
  }

  @Test
  void shouldWriteOverWhatIsNotUnderstood() throws IOException {
    store.createExclusive(OBJECT, "{\"sparsity\": 7".getBytes(UTF_8));
    assertThat(accepted.warmStart(MODEL, SEARCHING)).isEmpty();

    accepted.advance(pruned(1, 0.4));
    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.4);
  }

  @Test
  void shouldEndAtTheLatestEventWhenWorkersRace() throws Exception {
    List<Callable<Void>> workers = new ArrayList<>();
    for (int offset = 0; offset < 40; offset++) {
      ResultRecord record = pruned(offset, 0.5 + offset / 100.0);
      workers.add(
          () -> {
            new AcceptedModels(store, Keys.in("espalier")).advance(record);
            return null;
          });
    }
    Collections.shuffle(workers, new Random(1));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Void> done : threads.invokeAll(workers)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(accepted.warmStart(MODEL, SEARCHING)).contains(0.5 + 39 / 100.0);
  }

  private static ResultRecord pruned(long offset, double sparsity) throws IOException {
    return record(result("pruned", offset, sparsity, 3));
  }

  private static ObjectNode result(String verdict, long offset, double sparsity, int partition)
      throws IOException {
    ObjectNode result =
        (ObjectNode)
            ContractJson.mapper()
                .readTree(
                    Files.readString(
                        Path.of("schemas/examples/model-result-" + verdict + ".json")));
    ((ObjectNode) result.get("job"))
        .set(
            "source",
            ContractJson.mapper()
                .createObjectNode()
                .put("topic", "model-trained")
                .put("partition", partition)
                .put("offset", offset));
    ((ObjectNode) result.get("result")).put("sparsity", sparsity);
    return result;
  }

  private static ResultRecord record(ObjectNode result) {
    return new ResultRecord("model-pruned", MODEL, new TreeMap<>(), result.toString());
  }
}
