package dev.espalier.worker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Verdict;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultLogTest {
  private static final WorkerConfig CONFIG = TestConfig.with();
  private static final TopicPartition PRUNED = new TopicPartition(CONFIG.topics().modelPruned(), 0);
  private static final TopicPartition NOT_PRUNED =
      new TopicPartition(CONFIG.topics().modelNotPruned(), 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final ResultLog log = new ResultLog(CONFIG, () -> consumer);

  @BeforeEach
  void createTopics() {
    for (TopicPartition partition : List.of(PRUNED, NOT_PRUNED)) {
      partitions(partition.topic(), 1);
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, 0L));
    }
  }

  @Test
  void shouldSeeResultsWhenTheirTopicWasMadeAnew() throws IOException {
    consumer.updateEndOffsets(Map.of(PRUNED, 900L));
    consumer.schedulePollTask(() -> add("model-result-pruned.json", PRUNED, 899));
    assertThat(log.read().results()).hasSize(1);

    consumer.updateEndOffsets(Map.of(PRUNED, 2L));
    consumer.schedulePollTask(() -> add("model-result-no-benefit.json", PRUNED, 1));

    ResultLog.Latest latest = log.read();
    assertThat(latest.complete()).isTrue();
    assertThat(latest.results())
        .extracting(AnnouncedResult::verdict)
        .containsExactly(Verdict.NO_BENEFIT);
  }

  @Test
  void shouldKnowWhatItKnewWhenTheTopicsAreGone() throws IOException {
    consumer.updateEndOffsets(Map.of(PRUNED, 1L));
    consumer.schedulePollTask(() -> add("model-result-pruned.json", PRUNED, 0));
    assertThat(log.read().results()).hasSize(1);

    partitions(PRUNED.topic(), 0);
    partitions(NOT_PRUNED.topic(), 0);
    assertThat(log.read().results()).hasSize(1);
  }

  private void partitions(String topic, int count) {
    consumer.updatePartitions(
        topic, count == 0 ? List.of() : List.of(new PartitionInfo(topic, 0, null, null, null)));
  }

  private void add(String example, TopicPartition to, long offset) {
    try {
      byte[] value = Files.readAllBytes(Path.of("schemas", "examples", example));
      consumer.addRecord(
          new ConsumerRecord<>(to.topic(), to.partition(), offset, "cnn".getBytes(UTF_8), value));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
