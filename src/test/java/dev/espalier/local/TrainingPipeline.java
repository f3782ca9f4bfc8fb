package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.JobId;
import dev.espalier.contract.Sha256;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.MinioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a user's training pipeline: uploads model and data with a plain S3 client and
 * announces the model with a plain Kafka client. It knows the contract and nothing of the worker.
 */
final class TrainingPipeline implements AutoCloseable {
  /** CloudEvents source of these events. */
  static final String SOURCE = "/pipelines/local";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final MinioClient store;
  private final KafkaProducer<String, String> producer;

  TrainingPipeline(StackAddress stack) {
    store =
        MinioClient.builder()
            .endpoint(stack.endpoint())
            .credentials(stack.accessKey(), stack.secretKey())
            .build();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer());
  }

  /** An uploaded object. */
  record Uploaded(String uri, Sha256 sha256, long bytes) {
    private ObjectNode reference() {
      return JSON.objectNode().put("uri", uri).put("sha256", sha256.hex());
    }
  }

  /**
   * What to announce.
   *
   * @param training without it the worker prunes without recovery
   * @param scale factor for the inputs; 1 leaves them as they are
   * @param policy a name or an inline policy; absent: the worker's configuration decides
   */
  record Announcement(
      String name,
      String version,
      Uploaded model,
      Uploaded validation,
      @Nullable Uploaded training,
      double scale,
      @Nullable JsonNode policy) {
    /** The event's data, {@code schemas/model-trained/v1.json}. */
    ObjectNode data() {
      ObjectNode data = JSON.objectNode();
      data.set(
          "model",
          model.reference().put("name", name).put("version", version).put("bytes", model.bytes));
      ObjectNode sets = data.putObject("data");
      sets.set("validation", validation.reference());
      if (training != null) {
        sets.set("training", training.reference());
      }
      data.put("task", "classification");
      if (policy != null) {
        data.set("policy", policy);
      }
      data.putObject("preprocess").put("scale", scale);
      return data;
    }
  }

  /** Uploads an object. */
  Uploaded upload(String bucket, String key, byte[] content) throws IOException {
    try {
      store.putObject(
          PutObjectArgs.builder().bucket(bucket).object(key).stream(
                  new ByteArrayInputStream(content), content.length, -1)
              .build());
    } catch (MinioException | GeneralSecurityException e) {
      throw new IOException("s3://" + bucket + "/" + key + " cannot be uploaded", e);
    }
    return new Uploaded("s3://" + bucket + "/" + key, Sha256.of(content), content.length);
  }

  /**
   * Publishes a {@code model-trained} event in binary mode.
   *
   * @return the event's id
   */
  String announce(Announcement announcement) throws IOException, InterruptedException {
    String id = UUID.randomUUID().toString();
    ProducerRecord<String, String> event =
        new ProducerRecord<>("model-trained", announcement.name(), announcement.data().toString());
    header(event, CloudEvents.SPEC_VERSION_HEADER, CloudEvents.SPEC_VERSION);
    header(event, CloudEvents.ID_HEADER, id);
    header(event, CloudEvents.SOURCE_HEADER, SOURCE);
    header(event, CloudEvents.TYPE_HEADER, CloudEvents.MODEL_TRAINED);
    header(
        event,
        CloudEvents.SUBJECT_HEADER,
        CloudEvents.subject(announcement.name(), announcement.version()));
    header(event, CloudEvents.TIME_HEADER, Instant.now().toString());
    header(event, CloudEvents.PARTITION_KEY_HEADER, announcement.name());
    header(event, CloudEvents.CONTENT_TYPE_HEADER, CloudEvents.JSON);
    try {
      producer.send(event).get();
    } catch (ExecutionException e) {
      throw new IOException("the event cannot be published", e);
    }
    return id;
  }

  /** The job that the event with this id becomes. */
  static JobId job(String eventId) {
    return JobId.of(SOURCE, eventId);
  }

  @Override
  public void close() {
    producer.close();
  }

  private static void header(ProducerRecord<String, String> event, String name, String value) {
    event.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
