package dev.espalier.worker.operation;

import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Clients with the workers' settings and an identity of their own. */
@Singleton
class OperatorClients {
  private final KafkaSettings settings;
  private final String deployment;

  OperatorClients(KafkaSettings settings, WorkerConfig config) {
    this.settings = settings;
    this.deployment = config.deployment();
  }

  /** A reader that belongs to no group: it takes no partition from anyone and commits nothing. */
  Consumer<byte[], byte[]> reader() {
    Map<String, Object> own = new HashMap<>(settings.consumer());
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.put(ConsumerConfig.CLIENT_ID_CONFIG, deployment + "-operator");
    own.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
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
