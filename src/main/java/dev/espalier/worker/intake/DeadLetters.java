package dev.espalier.worker.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Reason;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.publish.Disposition;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Dead letters: key, value and headers as they came, and three headers more: {@code
 * espalier-reason-code}, {@code espalier-reason} (one line) and {@code espalier-source} (JSON with
 * topic, partition and offset).
 */
@Singleton
public class DeadLetters {
  public static final String REASON_CODE = "espalier-reason-code";
  public static final String REASON = "espalier-reason";
  public static final String SOURCE = "espalier-source";

  private final String topic;

  DeadLetters(WorkerConfig config) {
    this.topic = config.topics().deadLetters();
  }

  /** A letter's headers as they came: without the last of each name that is added here. */
  public static List<Header> original(Headers letter) {
    Set<Header> added = Collections.newSetFromMap(new IdentityHashMap<>());
    for (String name : List.of(REASON_CODE, REASON, SOURCE)) {
      Header last = letter.lastHeader(name);
      if (last != null) {
        added.add(last);
      }
    }
    List<Header> original = new ArrayList<>();
    letter.forEach(
        header -> {
          if (!added.contains(header)) {
            original.add(header);
          }
        });
    return original;
  }

  /** The dead letter of a record. */
  Disposition.DeadLetter of(ConsumerRecord<byte[], byte[]> record, Reason reason) {
    ProducerRecord<byte[], byte[]> whole = letter(record.key(), record.value());
    for (Header header : record.headers()) {
      whole.headers().add(header);
    }
    addReason(whole, record, reason);
    // Reasons make a record larger than it was when its topic took it: one at the limit would stop
    // its partition for ever. Its coordinates are then all that goes on.
    ProducerRecord<byte[], byte[]> abridged = letter(null, null);
    addReason(abridged, record, reason);
    return new Disposition.DeadLetter(reason.code(), whole, abridged);
  }

  @SuppressWarnings("NullAway") // Kafka's records take null keys and values.
  private ProducerRecord<byte[], byte[]> letter(byte[] key, byte[] value) {
    return new ProducerRecord<>(topic, key, value);
  }

  private static void addReason(
      ProducerRecord<byte[], byte[]> letter, ConsumerRecord<byte[], byte[]> record, Reason reason) {
    Coordinates source = new Coordinates(record.topic(), record.partition(), record.offset());
    letter.headers().add(REASON_CODE, utf8(reason.code().wire()));
    letter.headers().add(REASON, utf8(reason.message()));
    letter.headers().add(SOURCE, json(source));
  }

  private static byte[] json(Coordinates source) {
    try {
      return ContractJson.mapper().writeValueAsBytes(source);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("coordinates are a plain record", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
