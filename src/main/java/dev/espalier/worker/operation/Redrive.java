package dev.espalier.worker.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.intake.DeadLetters;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters back to where their records came from, each once: the record and a note beside
 * its letter are written in one transaction, and a letter with a note is left alone.
 */
@Singleton
class Redrive {
  /** What is sent in one transaction, unless its records are large. */
  private static final int BATCH = 100;

  private static final long BATCH_BYTES = 8 << 20;

  private final OperatorClients clients;
  private final WorkerConfig.Topics topics;

  Redrive(OperatorClients clients, WorkerConfig config) {
    this.clients = clients;
    this.topics = config.topics();
  }

  /** The letters that are meant, the oldest of each partition first. */
  List<Letter> list(Selection selection) throws IOException {
    List<Letter> letters = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = clients.reader()) {
      choose(log(consumer)::read, selection, (record, letter) -> letters.add(letter));
    }
    return letters;
  }

  /** The same, and those that wait are sent back. */
  List<Letter> execute(Selection selection) throws IOException {
    try (Producer<byte[], byte[]> producer = clients.producer("redrive");
        Consumer<byte[], byte[]> consumer = clients.reader()) {
      // First: from here on no other redrive commits anything that is not seen below.
      producer.initTransactions();
      String to = topics.modelTrained();
      Input input = new Input(to, consumer.partitionsFor(to).size());
      return execute(log(consumer)::read, selection, producer, input);
    }
  }

  private DeadLetterLog log(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topics.deadLetters()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    return new DeadLetterLog(consumer, clients.ends(partitions));
  }

  /** Shows every letter and note there is, whenever it is asked. */
  interface Log {
    void read(DeadLetterLog.Visitor visitor) throws IOException;
  }

  /** Where letters go back to. */
  record Input(String topic, int partitions) {

    /** Where it came from, so that it stays in line with its model's other events. */
    private @Nullable Integer partition(@Nullable Coordinates source) {
      return source != null && source.topic().equals(topic) && source.partition() < partitions
          ? Integer.valueOf(source.partition())
          : null;
    }
  }

  static List<Letter> execute(
      Log log, Selection selection, Producer<byte[], byte[]> producer, Input input)
      throws IOException {
    List<Letter> letters = new ArrayList<>();
    List<Sent> batch = new ArrayList<>();
    choose(
        log,
        selection,
        (record, letter) -> {
          if (letter.state() != Letter.State.WAITING) {
            letters.add(letter);
            return;
          }
          letters.add(letter.now(Letter.State.REDRIVEN));
          batch.add(Sent.of(record, letter, input));
          long bytes = batch.stream().mapToLong(Sent::bytes).sum();
          if (batch.size() == BATCH || bytes >= BATCH_BYTES) {
            send(producer, batch);
          }
        });
    send(producer, batch);
    return letters;
  }

  /**
   * Shows the letters that are meant. Notes come first, in a reading of their own: so no more
   * letters are held than are wanted.
   */
  private static void choose(Log log, Selection selection, Choice choice) throws IOException {
    Set<Coordinates> redriven = new HashSet<>();
    log.read(record -> DeadLetterLog.note(record).ifPresent(redriven::add));
    AtomicInteger left = new AtomicInteger(selection.limit());
    log.read(
        record -> {
          Letter letter =
              DeadLetterLog.letter(record)
                  .filter(selection::includes)
                  .map(l -> redriven.contains(l.at()) ? l.now(Letter.State.REDRIVEN_BEFORE) : l)
                  .filter(
                      l -> l.state() != Letter.State.REDRIVEN_BEFORE || selection.offset() != null)
                  .orElse(null);
          if (letter != null && left.get() > 0) {
            left.decrementAndGet();
            choice.take(record, letter);
          }
        });
  }

  /** What is done with a letter that is meant. */
  interface Choice {
    void take(ConsumerRecord<byte[], byte[]> record, Letter letter) throws IOException;
  }

  /** What is sent for a letter. */
  private record Sent(
      ProducerRecord<byte[], byte[]> back, ProducerRecord<byte[], byte[]> note, long bytes) {

    static Sent of(ConsumerRecord<byte[], byte[]> record, Letter letter, Input input)
        throws JsonProcessingException {
      byte[] from = ContractJson.mapper().writeValueAsBytes(letter.at());
      long bytes = length(record.key()) + length(record.value());
      for (Header header : record.headers()) {
        bytes += length(header.value());
      }
      return new Sent(
          Redrive.back(record, from, letter.source(), input), Redrive.note(letter, from), bytes);
    }
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What a send failed with, the commit throws.
  private static void send(Producer<byte[], byte[]> producer, List<Sent> batch) {
    if (batch.isEmpty()) {
      return;
    }
    producer.beginTransaction();
    for (Sent sent : batch) {
      producer.send(sent.back());
      producer.send(sent.note());
    }
    producer.commitTransaction();
    batch.clear();
  }

  private static ProducerRecord<byte[], byte[]> back(
      ConsumerRecord<byte[], byte[]> letter,
      byte[] from,
      @Nullable Coordinates source,
      Input input) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(input.topic(), input.partition(source), letter.key(), letter.value());
    for (Header header : DeadLetters.original(letter.headers())) {
      if (!header.key().equals(DeadLetterLog.REDRIVEN)) {
        record.headers().add(header);
      }
    }
    record.headers().add(DeadLetterLog.REDRIVEN, from);
    return record;
  }

  /** Without a key: on a topic that is compacted it would take the letters of that key away. */
  @SuppressWarnings("NullAway") // Kafka's records take null keys and values.
  private static ProducerRecord<byte[], byte[]> note(Letter letter, byte[] from) {
    ProducerRecord<byte[], byte[]> note =
        new ProducerRecord<>(letter.at().topic(), letter.at().partition(), null, null);
    note.headers().add(DeadLetterLog.REDRIVEN, from);
    return note;
  }
}
