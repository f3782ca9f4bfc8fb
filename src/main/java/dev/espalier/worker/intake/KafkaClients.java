package dev.espalier.worker.intake;

import dev.espalier.worker.config.KafkaSettings;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes clients. Bytes in and bytes out: what they mean is not the clients' business. */
@Singleton
class KafkaClients {
  private final KafkaSettings settings;

  KafkaClients(KafkaSettings settings) {
    this.settings = settings;
  }

  Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The transactional producer of an input partition, not yet initialised. */
  Producer<byte[], byte[]> producer(TopicPartition partition) {
    return new KafkaProducer<>(
        settings.producer(partition.topic(), partition.partition()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  Admin admin() {
    return Admin.create(settings.admin());
  }
}
