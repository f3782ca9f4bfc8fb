package dev.espalier.worker.operation;

import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Clients with the workers' settings and an identity of their own. */
@Singleton
class OperatorClients {
  private static final int TIMEOUT_MS = 30_000;

  private final KafkaSettings settings;
  private final String deployment;

  OperatorClients(KafkaSettings settings, WorkerConfig config) {
    this.settings = settings;
    this.deployment = config.deployment();
  }

  /** A reader of what is committed, of no group. */
  Consumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(
        settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Where partitions end, records of open transactions included: what is committed now may lie
   * behind such a record, and a reader of committed records would take that one for the end.
   */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    Map<String, Object> own = settings();
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.endOffsets(partitions);
    }
  }

  /** The workers' offset in a partition of their input; -1 where they have none. */
  long committed(TopicPartition partition) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
      return offset == null ? -1 : offset.offset();
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> own = new HashMap<>(settings.reader("operator"));
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, KafkaSettings.READ_AHEAD);
    own.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    own.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    return own;
  }

  /**
   * The transactional producer of a command. There is one at a time: initialising it fences that of
   * a command that is still running.
   */
  Producer<byte[], byte[]> producer(String command) {
    String id = deployment + "-operator-" + command;
    Map<String, Object> own = new HashMap<>(settings.producer(command, 0));
    own.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    own.put(ProducerConfig.CLIENT_ID_CONFIG, id);
    return new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
