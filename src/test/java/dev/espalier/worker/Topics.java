package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** All that a {@code read_committed} reader has seen in the three topics written to. */
final class Topics implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String bootstrapServers;
  private final List<Seen> seen = new ArrayList<>();

  Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Stream.of("model-pruned", "model-not-pruned", "model-trained-dlq")
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** A record. */
  record Seen(ConsumerRecord<byte[], byte[]> record) {
    String topic() {
      return record.topic();
    }

    String header(String name) {
      var header = record.headers().lastHeader(name);
      return header == null ? "" : new String(header.value(), UTF_8);
    }

    String text() {
      return new String(record.value(), UTF_8);
    }

    JsonNode json() {
      try {
        return ContractJson.mapper().readTree(record.value());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String verdict() {
      return json().at("/result/verdict").asText();
    }
  }

  /** Waits until so many records are visible, and returns them. */
  List<Seen> await(int count) {
    until(() -> seen.size() >= count);
    return List.copyOf(seen);
  }

  /**
   * Waits until the group has committed the end of every input partition, so that nothing more can
   * come, and returns all there is.
   */
  List<Seen> awaitDrained(String group) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      until(() -> lag(admin, group) == 0);
    }
    // One more look, after the last commit.
    poll();
    return List.copyOf(seen);
  }

  private long lag(Admin admin, String group) throws Exception {
    List<TopicPartition> partitions =
        consumer.partitionsFor("model-trained").stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    long lag = 0;
    for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(partitions).entrySet()) {
      OffsetAndMetadata offset = committed.get(end.getKey());
      lag += end.getValue() - (offset == null ? 0 : offset.offset());
    }
    return lag;
  }

  private void until(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              poll();
              return condition.call();
            });
  }

  private void poll() {
    consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(new Seen(record)));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
