package dev.espalier.worker.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.intake.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters' topic, read from its beginning to where it ends when this is made; a
 * transaction that is open then is waited for. Beside letters it holds notes: records without a
 * value, each of which says in a header that a letter of the same partition was sent back.
 */
final class DeadLetterLog {
  /**
   * Coordinates, in JSON, of the letter that a note is about, or that a record was sent back from.
   */
  static final String REDRIVEN = "espalier-redriven";

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> ends;

  /**
   * A log.
   *
   * @param consumer of what is committed
   * @param ends of all partitions of the topic, whether committed or not
   */
  DeadLetterLog(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.partitions = List.copyOf(ends.keySet());
    this.ends = ends;
    consumer.assign(partitions);
  }

  /** What is done with a record. */
  interface Visitor {
    void visit(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  /** Shows every record, in the order of each partition. */
  void read(Visitor visitor) throws IOException {
    consumer.seekToBeginning(partitions);
    long moved = System.nanoTime();
    long left = left();
    while (left > 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end(record)) {
          visitor.visit(record);
        }
      }
      long now = left();
      if (now < left) {
        moved = System.nanoTime();
      } else if (System.nanoTime() - moved > LONGEST_SILENCE.toNanos()) {
        throw new IOException(
            "the dead letters' topic does not answer; is an open transaction old?");
      }
      left = now;
    }
  }

  private long end(ConsumerRecord<byte[], byte[]> record) {
    return ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
  }

  private long left() {
    return partitions.stream()
        .mapToLong(partition -> Math.max(0, ends.get(partition) - consumer.position(partition)))
        .sum();
  }

  /** The letter that a record is; empty when it is none of ours. */
  static Optional<Letter> letter(ConsumerRecord<byte[], byte[]> record) {
    String reason = text(record.headers(), DeadLetters.REASON_CODE);
    if (reason == null) {
      return Optional.empty();
    }
    String message = text(record.headers(), DeadLetters.REASON);
    return Optional.of(
        new Letter(
            at(record),
            Instant.ofEpochMilli(record.timestamp()),
            reason,
            message == null ? "" : message,
            coordinates(record.headers(), DeadLetters.SOURCE),
            record.value() == null ? Letter.State.ABRIDGED : Letter.State.WAITING));
  }

  /** The letter that a record says was sent back; empty when it is no note. */
  static Optional<Coordinates> note(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(DeadLetters.REASON_CODE) == null
        ? Optional.ofNullable(coordinates(record.headers(), REDRIVEN))
        : Optional.empty();
  }

  static Coordinates at(ConsumerRecord<byte[], byte[]> record) {
    return new Coordinates(record.topic(), record.partition(), record.offset());
  }

  private static @Nullable Coordinates coordinates(Headers headers, String name) {
    String json = text(headers, name);
    try {
      return json == null ? null : ContractJson.mapper().readValue(json, Coordinates.class);
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
