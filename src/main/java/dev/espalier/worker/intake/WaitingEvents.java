package dev.espalier.worker.intake;

import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.config.ReaderOnDemand;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The events that have no visible result yet: records of the input topic from the offset that the
 * consumer group has committed, the first of each partition. Nothing is read unless somebody asks.
 */
@Singleton
public class WaitingEvents {
  private static final Duration TURN = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int ADMIN_SECONDS = 4;

  private final ReaderOnDemand reader;
  private final KafkaClients clients;
  private final String topic;
  private final String group;
  private final Map<TopicPartition, Backlog> backlogs = new HashMap<>();
  private volatile @Nullable Admin admin;

  WaitingEvents(KafkaSettings settings, KafkaClients clients, WorkerConfig config) {
    this.reader =
        new ReaderOnDemand(
            () ->
                new KafkaConsumer<>(
                    settings.reader("pages-waiting"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()));
    this.clients = clients;
    this.topic = config.topics().modelTrained();
    this.group = config.kafka().groupId();
  }

  /**
   * What waits or runs.
   *
   * @param events the longest waiting first; of each partition the first few
   * @param records all records without a committed answer, dead letters to be included
   */
  public record Waiting(List<WaitingEvent> events, long records) {}

  /**
   * Looks again.
   *
   * @throws IOException when no broker answers, or the worker ends
   */
  public synchronized Waiting read() throws IOException {
    try {
      return read(reader.get());
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      release();
      throw new IOException("the waiting events cannot be read from Kafka: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Waiting read(Consumer<byte[], byte[]> reader)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<PartitionInfo> known = reader.partitionsFor(topic);
    List<TopicPartition> partitions =
        known == null
            ? List.of()
            : known.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
    Map<TopicPartition, Long> from = committed(reader, partitions);
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
    backlogs.keySet().retainAll(partitions);
    from.forEach((p, offset) -> backlogs.computeIfAbsent(p, x -> new Backlog()).committed(offset));
    readOn(reader, ends);
    long records =
        from.entrySet().stream()
            .mapToLong(f -> Math.max(0, ends.getOrDefault(f.getKey(), 0L) - f.getValue()))
            .sum();
    return new Waiting(
        backlogs.values().stream()
            .flatMap(backlog -> backlog.events().stream())
            .sorted(Comparator.comparing(WaitingEvent::published))
            .toList(),
        records);
  }

  /** Where the group's next record is; of partitions it never committed, where they begin. */
  private Map<TopicPartition, Long> committed(
      Consumer<byte[], byte[]> reader, List<TopicPartition> partitions)
      throws ExecutionException, TimeoutException, InterruptedException {
    Admin asked = admin == null ? clients.admin() : admin;
    admin = asked;
    Map<TopicPartition, OffsetAndMetadata> committed =
        asked
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get(ADMIN_SECONDS, TimeUnit.SECONDS);
    Map<TopicPartition, Long> begins = reader.beginningOffsets(partitions);
    return partitions.stream()
        .collect(
            Collectors.toMap(
                p -> p,
                p -> {
                  OffsetAndMetadata offset = committed.get(p);
                  long begin = begins.getOrDefault(p, 0L);
                  return offset == null ? begin : Math.max(begin, offset.offset());
                }));
  }

  private void readOn(Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
    long deadline = System.nanoTime() + TURN.toNanos();
    List<TopicPartition> wanting = wanting(ends);
    reader.assign(wanting);
    wanting.forEach(p -> reader.seek(p, backlogs.get(p).next()));
    while (!wanting.isEmpty() && System.nanoTime() - deadline < 0) {
      reader
          .poll(POLL)
          .forEach(
              record ->
                  backlogs.get(new TopicPartition(record.topic(), record.partition())).add(record));
      wanting.forEach(p -> backlogs.get(p).lookedAt(reader.position(p)));
      wanting = wanting(ends);
    }
    reader.unsubscribe();
  }

  private List<TopicPartition> wanting(Map<TopicPartition, Long> ends) {
    return backlogs.entrySet().stream()
        .filter(b -> b.getValue().wants(ends.getOrDefault(b.getKey(), 0L)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ends a look that is under way, and lets no other begin; from any thread. */
  public void end() {
    reader.end();
    Admin asked = admin;
    if (asked != null) {
      asked.close(Duration.ZERO);
    }
  }

  @PreDestroy
  void close() {
    end();
    release();
  }

  private synchronized void release() {
    reader.release();
    Admin asked = admin;
    admin = null;
    if (asked != null) {
      asked.close(Duration.ZERO);
    }
  }
}
