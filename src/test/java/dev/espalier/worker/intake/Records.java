package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as a consumer hands them over. */
final class Records {
  static final String DATA =
      """
      {"model": {"name": "cnn", "version": "42", "uri": "s3://models/cnn/42/model.onnx"},
       "data": {"validation": {"uri": "s3://datasets/val.npz"}}}
      """;

  private Records() {}

  /** Headers of a well-formed event in binary mode. */
  static Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", "event-1");
    headers.put("ce_source", "/training/cluster-a");
    headers.put("ce_type", "dev.espalier.model.trained.v1");
    headers.put("ce_time", "2026-11-24T09:00:00+01:00");
    headers.put("content-type", "application/json");
    return headers;
  }

  static Map<String, String> headersWith(String name, String value) {
    Map<String, String> headers = headers();
    headers.put(name, value);
    return headers;
  }

  static ConsumerRecord<byte[], byte[]> record(Map<String, String> headers, String value) {
    return at(0, 7, headers, value == null ? null : value.getBytes(UTF_8));
  }

  static ConsumerRecord<byte[], byte[]> at(
      int partition, long offset, Map<String, String> headers, byte[] value) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, text) -> all.add(name, text == null ? null : text.getBytes(UTF_8)));
    return new ConsumerRecord<>(
        "model-trained",
        partition,
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        value,
        all,
        Optional.empty());
  }
}
