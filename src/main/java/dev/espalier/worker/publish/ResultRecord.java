package dev.espalier.worker.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A whole Kafka record, kept as text so that every emission of it has the same bytes.
 *
 * @param topic the out topic
 * @param key the model's name
 * @param headers every header, sent in the order of their names
 * @param value the event's data, JSON
 */
public record ResultRecord(
    String topic, String key, SortedMap<String, String> headers, String value) {

  /** Keeps a copy of the headers. */
  public ResultRecord {
    headers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /** Reads what {@link #toJson} wrote. */
  public static ResultRecord fromJson(byte[] json) throws IOException {
    return ContractJson.mapper().readValue(json, ResultRecord.class);
  }

  /** The stored form. */
  byte[] toJson() {
    try {
      return ContractJson.mapper().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings always have a JSON form", e);
    }
  }

  /** The record to send. */
  public ProducerRecord<byte[], byte[]> toKafka() {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, utf8(key), utf8(value));
    headers.forEach((name, text) -> record.headers().add(name, utf8(text)));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
