package dev.espalier.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobId;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResultCommitterTest {
  private static final JobId JOB = JobId.of("/s", "1");

  private final ObjectStore store = new InMemoryObjectStore();
  private final ResultCommitter committer = new ResultCommitter(store, Keys.in("espalier"));

  @Test
  void shouldGiveWinnersRecordToBothWhenTwoWorkersCommit() throws IOException {
    ResultRecord first = record("{\"by\":\"first\"}");
    ResultRecord second = record("{\"by\":\"second\"}");
    assertThat(committer.commit(JOB, first)).isEqualTo(first);
    assertThat(committer.commit(JOB, second)).isEqualTo(first);
    assertThat(committer.committed(JOB)).contains(first);
  }

  @Test
  void shouldKeepEveryByteOfValueWhenReadBack() throws IOException {
    // Formatting that a JSON library would not write itself.
    ResultRecord odd = record("{ \"n\":1.50,\"z\":1e2, \"a\" : \"\\u00e9é\" }");
    committer.commit(JOB, odd);
    ResultRecord read = committer.committed(JOB).orElseThrow();
    assertThat(read).isEqualTo(odd);
    assertThat(read.toKafka().value()).isEqualTo(odd.toKafka().value());
  }

  @Test
  void shouldBeEmptyWhenJobHasNoResult() throws IOException {
    assertThat(committer.committed(JOB)).isEmpty();
  }

  private static ResultRecord record(String value) {
    return new ResultRecord("model-pruned", "cnn", new TreeMap<>(Map.of("ce_id", "x")), value);
  }
}
