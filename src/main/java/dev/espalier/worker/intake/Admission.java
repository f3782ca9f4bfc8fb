package dev.espalier.worker.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Schemas;
import dev.espalier.contract.Sha256;
import dev.espalier.worker.job.Job;
import dev.espalier.worker.publish.AnnouncedMarks;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decides what a record is. The first record with an event's id leaves {@code admitted.json}, with
 * the digest of its payload and its coordinates; every later one is compared with that.
 */
@Singleton
class Admission {
  private static final int MAX_BYTES = 8 << 10;

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final AnnouncedMarks marks;

  Admission(ObjectStore store, ObjectKeys keys, AnnouncedMarks marks) {
    this.store = store;
    this.keys = keys;
    this.marks = marks;
  }

  /** What a record is. */
  sealed interface Decision {}

  /**
   * An event to be answered.
   *
   * @param firstHere whether these coordinates are those it was first seen at
   * @param again whether it was seen before
   */
  record Admitted(Job job, boolean firstHere, boolean again) implements Decision {}

  /** A copy of an event whose answer is visible. */
  record Duplicate(JobId job) implements Decision {}

  /** Not an event that can be answered. */
  record DeadLettered(Reason reason) implements Decision {}

  /** Content of {@code admitted.json}. */
  record Admittance(Sha256 payload, Coordinates source, String eventSource, String eventId) {}

  /** Decides; the same record may be asked about again, by any worker. */
  Decision decide(ConsumerRecord<byte[], byte[]> record) throws IOException {
    Job job;
    try {
      job = job(record);
    } catch (Refusal e) {
      return new DeadLettered(e.reason());
    }
    Admittance ours =
        new Admittance(
            Sha256.of(record.value()), job.source(), job.event().source(), job.event().id());
    S3Uri key = keys.admitted(job.id());
    if (store.createExclusive(key, ContractJson.mapper().writeValueAsBytes(ours))) {
      return new Admitted(job, true, false);
    }
    byte[] content =
        store.read(key, MAX_BYTES).orElseThrow(() -> new IOException(key + " has vanished"));
    return compare(job, ours, ContractJson.mapper().readValue(content, Admittance.class));
  }

  /**
   * The job of a record that comes later than another: its event, if it would be admitted now and
   * answered with a result of its own. Leaves nothing behind.
   */
  Optional<Job> awaited(ConsumerRecord<byte[], byte[]> record) throws IOException {
    Job job;
    try {
      job = job(record);
    } catch (Refusal e) {
      return Optional.empty();
    }
    Optional<byte[]> first = store.read(keys.admitted(job.id()), MAX_BYTES);
    if (first.isEmpty()) {
      return Optional.of(job);
    }
    Admittance admitted = ContractJson.mapper().readValue(first.get(), Admittance.class);
    boolean own =
        admitted.payload().equals(Sha256.of(record.value()))
            && admitted.source().equals(job.source());
    return own ? Optional.of(job) : Optional.empty();
  }

  private Decision compare(Job job, Admittance ours, Admittance first) throws IOException {
    if (!ours.payload().equals(first.payload())) {
      return new DeadLettered(
          new Reason(
              ReasonCode.CONFLICTING_DUPLICATE,
              "the event's id was used for another payload at "
                  + first.source()
                  + "; give every event its own id"));
    }
    if (ours.source().equals(first.source())) {
      return new Admitted(job, true, true);
    }
    // A partition is worked in order: what came earlier in it has been answered.
    if (isBehind(ours.source(), first.source()) || marks.exists(job.id())) {
      return new Duplicate(job.id());
    }
    return new Admitted(job, false, true);
  }

  private static boolean isBehind(Coordinates copy, Coordinates first) {
    return copy.topic().equals(first.topic())
        && copy.partition() == first.partition()
        && copy.offset() > first.offset();
  }

  /**
   * The job of a record.
   *
   * @throws Refusal when the record is not an event that can be answered
   */
  static Job job(ConsumerRecord<byte[], byte[]> record) {
    IncomingEvent event = CloudEventReader.read(record);
    ModelTrained data = data(event.data());
    S3Uri.parse("model.uri", data.model().uri());
    S3Uri.parse("data.validation.uri", data.data().validation().uri());
    ModelTrained.Source training = data.data().training();
    if (training != null) {
      S3Uri.parse("data.training.uri", training.uri());
    }
    return new Job(
        JobId.of(event.attributes().source(), event.attributes().id()),
        event.attributes(),
        data,
        new Coordinates(record.topic(), record.partition(), record.offset()));
  }

  private static ModelTrained data(JsonNode data) {
    List<String> violations = Schemas.modelTrained().violations(data);
    if (!violations.isEmpty()) {
      throw new Refusal(
          ReasonCode.SCHEMA_VIOLATION,
          "the data break schemas/model-trained/v1.json: " + String.join("; ", violations));
    }
    try {
      return ContractJson.mapper().treeToValue(data, ModelTrained.class);
    } catch (JsonProcessingException e) {
      throw new Refusal(
          ReasonCode.SCHEMA_VIOLATION, "the data cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
