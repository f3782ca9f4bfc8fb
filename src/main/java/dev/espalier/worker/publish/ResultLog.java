package dev.espalier.worker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.config.ReaderOnDemand;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The latest visible results, whichever worker made them: read from the ends of both out topics,
 * which are the only list of results there is. Nothing is read unless somebody asks, and a number
 * of small lines is all that is kept.
 */
@Singleton
public class ResultLog {
  /** Longest that one call reads; what is left is read by the next one. */
  private static final Duration TURN = Duration.ofSeconds(3);

  private static final Duration POLL = Duration.ofMillis(250);
  private static final Comparator<AnnouncedResult> LATEST_FIRST =
      Comparator.comparing(AnnouncedResult::finished)
          .reversed()
          .thenComparing(result -> result.job().value());

  /** Offsets read back of each partition at the least, commit markers of transactions included. */
  private static final int SHORTEST_TAIL = 32;

  private final ReaderOnDemand reader;
  private final List<String> topics;
  private final int history;
  private final Map<JobId, AnnouncedResult> results = new HashMap<>();

  @Inject
  ResultLog(KafkaSettings settings, WorkerConfig config) {
    this(
        config,
        () ->
            new KafkaConsumer<>(
                settings.reader("pages-results"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()));
  }

  ResultLog(WorkerConfig config, Supplier<Consumer<byte[], byte[]>> consumers) {
    this.reader = new ReaderOnDemand(consumers);
    this.topics = List.of(config.topics().modelPruned(), config.topics().modelNotPruned());
    this.history = config.pages().history();
  }

  /**
   * The latest results, the latest first.
   *
   * @param complete whether everything that was visible when it was asked for has been read
   */
  public record Latest(List<AnnouncedResult> results, boolean complete) {}

  /**
   * Reads on to the ends of the topics, as far as it gets within a few seconds.
   *
   * @throws IOException when no broker answers, or the worker ends; what is known is kept
   */
  public synchronized Latest read() throws IOException {
    try {
      boolean complete = readOn(reader.get());
      return new Latest(latest(), complete);
    } catch (KafkaException e) {
      release();
      throw new IOException("the results cannot be read from Kafka: " + e.getMessage(), e);
    }
  }

  private boolean readOn(Consumer<byte[], byte[]> reader) {
    assign(reader);
    Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
    seekToTails(reader, beyond(reader, ends));
    long deadline = System.nanoTime() + TURN.toNanos();
    while (isBehind(reader, ends)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      reader.poll(POLL).forEach(this::add);
    }
    return true;
  }

  /** Topics get partitions while a worker runs. */
  private void assign(Consumer<byte[], byte[]> reader) {
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> Stream.ofNullable(reader.partitionsFor(topic)))
            .flatMap(List::stream)
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    Set<TopicPartition> before = Set.copyOf(reader.assignment());
    if (before.equals(Set.copyOf(partitions))) {
      return;
    }
    reader.assign(partitions);
    seekToTails(reader, partitions.stream().filter(p -> !before.contains(p)).toList());
  }

  /** Topics are made anew while a worker runs; one that has outgrown the old one is not told. */
  private static List<TopicPartition> beyond(
      Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .filter(end -> reader.position(end.getKey()) > end.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private void seekToTails(Consumer<byte[], byte[]> reader, List<TopicPartition> partitions) {
    // A result and the marker of its transaction take two offsets; partitions are not equally busy.
    long tail = Math.max(SHORTEST_TAIL, 4L * history / Math.max(1, reader.assignment().size()));
    Map<TopicPartition, Long> begins = reader.beginningOffsets(partitions);
    reader
        .endOffsets(partitions)
        .forEach((p, end) -> reader.seek(p, Math.max(begins.getOrDefault(p, 0L), end - tail)));
  }

  private static boolean isBehind(Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue());
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    parsed(record).ifPresent(result -> results.put(result.job(), result));
    if (results.size() > 2 * history) {
      keepLatest();
    }
  }

  private List<AnnouncedResult> latest() {
    keepLatest();
    return results.values().stream().sorted(LATEST_FIRST).toList();
  }

  private void keepLatest() {
    if (results.size() > history) {
      List<AnnouncedResult> sorted = new ArrayList<>(results.values());
      sorted.sort(LATEST_FIRST);
      sorted.subList(history, sorted.size()).forEach(old -> results.remove(old.job()));
    }
  }

  /** Others may write into these topics too: what is not one of our results is passed over. */
  private static Optional<AnnouncedResult> parsed(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return Optional.empty();
    }
    String model = new String(record.key(), UTF_8);
    Header subject = record.headers().lastHeader(CloudEvents.SUBJECT_HEADER);
    String named = subject == null ? "" : new String(subject.value(), UTF_8);
    String start = CloudEvents.subject(model, "");
    try {
      ModelResult result = ContractJson.mapper().readValue(record.value(), ModelResult.class);
      String version = named.startsWith(start) ? named.substring(start.length()) : "";
      return Optional.of(AnnouncedResult.of(model, version, result));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Ends a read that is under way, and lets no other begin; from any thread. */
  public void end() {
    reader.end();
  }

  @PreDestroy
  void close() {
    end();
    release();
  }

  private synchronized void release() {
    reader.release();
  }
}
