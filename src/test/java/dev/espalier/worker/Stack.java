package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.contract.JobId;
import dev.espalier.local.EmbeddedBroker;
import dev.espalier.local.EmbeddedStore;
import dev.espalier.local.FashionMnist;
import dev.espalier.local.WorkerProcess;
import io.minio.PutObjectArgs;
import io.minio.errors.MinioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a store with a trained model and real data, and workers to start on them. */
final class Stack implements AutoCloseable {
  static final String SOURCE = "/training/it";

  private final Path directory;
  private final EmbeddedBroker broker;
  private final EmbeddedStore store;
  private final KafkaProducer<byte[], byte[]> producer;

  private Stack(Path directory, EmbeddedBroker broker, EmbeddedStore store) {
    this.directory = directory;
    this.broker = broker;
    this.store = store;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                // Larger than what the broker takes: that is for it to say.
                "max.request.size",
                16 << 20,
                "buffer.memory",
                64L << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Starts both and uploads {@code models/good.onnx} and {@code datasets/val.npz}. */
  static Stack start(Path directory, int partitions) throws IOException, InterruptedException {
    Stack stack =
        new Stack(
            directory, EmbeddedBroker.start(directory, partitions), EmbeddedStore.start(directory));
    stack.upload("models", "good.onnx", CentroidModel.train(FashionMnist.train()));
    stack.upload("datasets", "val.npz", FashionMnist.test().first(4_000).npz());
    stack.upload("datasets", "train.npz", FashionMnist.train().first(2_000).npz());
    return stack;
  }

  /** The packaged worker, with some properties more. */
  WorkerProcess worker(String... keysAndValues) throws IOException {
    return worker(Map.of(), keysAndValues);
  }

  /** The same with some environment variables more. */
  WorkerProcess worker(Map<String, String> environment, String... keysAndValues)
      throws IOException {
    Map<String, String> configuration = WorkerProcess.configuration(broker, store);
    configuration.put("espalier.engine.heap", "256M");
    configuration.put("espalier.engine.memory", "2G");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      configuration.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return WorkerProcess.start(directory, configuration, environment);
  }

  void upload(String bucket, String key, byte[] content) throws IOException {
    try {
      store
          .client()
          .putObject(
              PutObjectArgs.builder().bucket(bucket).object(key).stream(
                      new ByteArrayInputStream(content), content.length, -1)
                  .build());
    } catch (MinioException | GeneralSecurityException e) {
      throw new IOException("s3://" + bucket + "/" + key + " cannot be uploaded", e);
    }
  }

  /** Publishes an event in binary mode, keyed by model. */
  void publish(String id, String model, String data) throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id);
    headers.put("ce_source", SOURCE);
    headers.put("ce_type", "dev.espalier.model.trained.v1");
    headers.put("content-type", "application/json");
    publish(headers, model, data);
  }

  void publish(Map<String, String> headers, String key, String value)
      throws IOException, InterruptedException {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("model-trained", key.getBytes(UTF_8), value.getBytes(UTF_8));
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    publish(record);
  }

  /** Publishes whatever a producer can send. */
  void publish(ProducerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IOException("the event cannot be published", e);
    }
  }

  static JobId job(String eventId) {
    return JobId.of(SOURCE, eventId);
  }

  /** Where an object of the output bucket lies on disk. */
  Path output(String key) {
    return store.objects().resolve("espalier").resolve(key);
  }

  EmbeddedBroker broker() {
    return broker;
  }

  EmbeddedStore store() {
    return store;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    producer.close();
    broker.close();
    store.close();
  }
}
