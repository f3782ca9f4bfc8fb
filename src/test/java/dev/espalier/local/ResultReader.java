package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Schemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads results as a deployment pipeline would: both result topics, committed records only, each
 * checked against the published schema.
 */
final class ResultReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final KafkaConsumer<String, String> consumer;
  private final Map<String, Result> byCause = new HashMap<>();

  /** A reader from the beginning of both topics. */
  ResultReader(StackAddress stack) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                stack.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false),
            new StringDeserializer(),
            new StringDeserializer());
    List<TopicPartition> partitions =
        Stream.of("model-pruned", "model-not-pruned")
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** A result and the topic it stood in. */
  record Result(String topic, JsonNode data) {
    String verdict() {
      return data.at("/result/verdict").asText();
    }
  }

  /**
   * Waits for the result of an event.
   *
   * @param meanwhile called several times a second
   * @throws IOException when there is none in time, or one that breaks the schema
   */
  Result await(String eventId, Duration patience, Runnable meanwhile) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!byCause.containsKey(eventId)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("no result of event " + eventId + " within " + patience);
      }
      for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
        accept(record);
      }
      meanwhile.run();
    }
    return byCause.get(eventId);
  }

  private void accept(ConsumerRecord<String, String> record) throws IOException {
    JsonNode data = ContractJson.mapper().readTree(record.value());
    List<String> violations = Schemas.modelResult().violations(data);
    if (!violations.isEmpty()) {
      throw new IOException("a result breaks " + Schemas.modelResult().id() + ": " + violations);
    }
    Header cause = record.headers().lastHeader(CloudEvents.CAUSATION_ID_HEADER);
    String eventId = new String(cause.value(), StandardCharsets.UTF_8);
    Result earlier = byCause.put(eventId, new Result(record.topic(), data));
    if (earlier != null) {
      throw new IOException("event " + eventId + " has two visible results");
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
