package dev.espalier.worker.operation;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.intake.DeadLetters;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters back to where their records came from, each once: the record and a note beside
 * its letter are written in one transaction, and a letter with a note is left alone.
 */
@Singleton
class Redrive {
  private static final int BATCH = 100;

  private final OperatorClients clients;
  private final WorkerConfig.Topics topics;

  Redrive(OperatorClients clients, WorkerConfig config) {
    this.clients = clients;
    this.topics = config.topics();
  }

  /** The letters that are meant, the oldest of each partition first. */
  List<Letter> list(Selection selection) throws IOException {
    try (Consumer<byte[], byte[]> consumer = clients.reader()) {
      return list(new DeadLetterLog(consumer, topics.deadLetters()), selection);
    }
  }

  /** The same, and those that wait are sent back. */
  List<Letter> execute(Selection selection) throws IOException {
    try (Producer<byte[], byte[]> producer = clients.producer("redrive");
        Consumer<byte[], byte[]> consumer = clients.reader()) {
      // First: from here on no other redrive commits anything that is not seen below.
      producer.initTransactions();
      DeadLetterLog log = new DeadLetterLog(consumer, topics.deadLetters());
      List<Letter> letters = list(log, selection);
      Map<Coordinates, Letter> chosen = new LinkedHashMap<>();
      letters.stream()
          .filter(letter -> letter.state() == Letter.State.WAITING)
          .forEach(letter -> chosen.put(letter.at(), letter));
      int partitions = consumer.partitionsFor(topics.modelTrained()).size();
      List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
      log.read(
          record -> {
            if (chosen.containsKey(DeadLetterLog.at(record))) {
              batch.add(record);
            }
            if (batch.size() == BATCH) {
              send(producer, batch, chosen, partitions);
            }
          });
      send(producer, batch, chosen, partitions);
      return letters.stream()
          .map(l -> chosen.containsKey(l.at()) ? l.now(Letter.State.REDRIVEN) : l)
          .toList();
    }
  }

  private static List<Letter> list(DeadLetterLog log, Selection selection) throws IOException {
    List<Letter> letters = new ArrayList<>();
    Set<Coordinates> redriven = new HashSet<>();
    log.read(
        record -> {
          DeadLetterLog.note(record).ifPresent(redriven::add);
          DeadLetterLog.letter(record).filter(selection::includes).ifPresent(letters::add);
        });
    return letters.stream()
        .map(l -> redriven.contains(l.at()) ? l.now(Letter.State.REDRIVEN_BEFORE) : l)
        .filter(l -> l.state() != Letter.State.REDRIVEN_BEFORE || selection.offset() != null)
        .limit(selection.limit())
        .toList();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What a send failed with, the commit throws.
  private void send(
      Producer<byte[], byte[]> producer,
      List<ConsumerRecord<byte[], byte[]>> batch,
      Map<Coordinates, Letter> chosen,
      int partitions)
      throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    producer.beginTransaction();
    for (ConsumerRecord<byte[], byte[]> letter : batch) {
      byte[] from = ContractJson.mapper().writeValueAsBytes(DeadLetterLog.at(letter));
      Coordinates source = chosen.get(DeadLetterLog.at(letter)).source();
      producer.send(record(letter, from, partition(source, partitions)));
      producer.send(note(letter, from));
    }
    producer.commitTransaction();
    batch.clear();
  }

  /** Where it came from, so that it stays in line with its model's other events. */
  private @Nullable Integer partition(@Nullable Coordinates source, int partitions) {
    return source != null
            && source.topic().equals(topics.modelTrained())
            && source.partition() < partitions
        ? Integer.valueOf(source.partition())
        : null;
  }

  private ProducerRecord<byte[], byte[]> record(
      ConsumerRecord<byte[], byte[]> letter, byte[] from, @Nullable Integer partition) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.modelTrained(), partition, letter.key(), letter.value());
    for (Header header : DeadLetters.original(letter.headers())) {
      if (!header.key().equals(DeadLetterLog.REDRIVEN)) {
        record.headers().add(header);
      }
    }
    record.headers().add(DeadLetterLog.REDRIVEN, from);
    return record;
  }

  @SuppressWarnings("NullAway") // Kafka's records take null values.
  private static ProducerRecord<byte[], byte[]> note(
      ConsumerRecord<byte[], byte[]> letter, byte[] from) {
    ProducerRecord<byte[], byte[]> note =
        new ProducerRecord<>(letter.topic(), letter.partition(), letter.key(), null);
    note.headers().add(DeadLetterLog.REDRIVEN, from);
    return note;
  }
}
