package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.contract.CloudEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that means harm, or is broken.
 *
 * @param id its {@code ce_id}
 * @param end where it must end: {@code dead-letter <code>}, or {@code <verdict> <code>}
 * @param record what is sent
 */
record HostileEvent(String id, String end, ProducerRecord<byte[], byte[]> record) {
  private static final String KEY = "cnn";

  /** All that are events as far as the broker is concerned. */
  static List<HostileEvent> all() {
    return List.of(
        value("not-json", "dead-letter not-a-cloudevent", "{"),
        value("bom", "dead-letter not-a-cloudevent", "\uFEFF" + Events.good("cnn", "1")),
        value("list", "dead-letter not-a-cloudevent", "[]"),
        value(
            "deep",
            "dead-letter not-a-cloudevent",
            "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000)),
        value("ten-megabytes", "dead-letter not-a-cloudevent", " ".repeat(10_000_000) + "{}"),
        value("tombstone", "dead-letter not-a-cloudevent", null),
        header("megabyte-header", "dead-letter not-a-cloudevent", "x", "h".repeat(1_000_000)),
        header("no-id", "dead-letter not-a-cloudevent", "ce_id", null),
        header(
            "future-type",
            "dead-letter not-a-cloudevent",
            "ce_type",
            "dev.espalier.model.trained.v2"),
        header("future-specification", "dead-letter not-a-cloudevent", "ce_specversion", "2.0"),
        altered("extra-field", "dead-letter schema-violation", "\"task\"", "\"tusk\""),
        altered("newline-in-name", "dead-letter schema-violation", "\"cnn\"", "\"cn\\nn\""),
        altered("user-information", "dead-letter schema-violation", "s3://models", "s3://a@models"),
        altered("traversal", "dead-letter schema-violation", "s3://models/", "s3://models/../"),
        altered("percent", "dead-letter schema-violation", "s3://models/", "s3://models/%2e%2e/"),
        altered("file-address", "dead-letter schema-violation", "s3://models", "file:///etc"),
        altered(
            "control-character", "dead-letter schema-violation", "good.onnx", "go\\u0007od.onnx"),
        sparsity("negative-sparsity", "dead-letter schema-violation", "-0.1"),
        sparsity("whole-sparsity", "dead-letter schema-violation", "1"),
        sparsity("text-sparsity", "dead-letter schema-violation", "\"0.5\""),
        sparsity("nan-sparsity", "dead-letter not-a-cloudevent", "NaN"),
        altered("foreign-bucket", "refused bucket-not-allowed", "s3://models", "s3://espalier"),
        altered("missing-object", "refused object-missing", "good.onnx", "gone.onnx"),
        altered("large-object", "refused object-too-large", "good.onnx", "large.onnx"),
        altered(
            "wrong-digest",
            "refused checksum-mismatch",
            "\"version\"",
            "\"sha256\": \"" + "0".repeat(64) + "\", \"version\""),
        altered(
            "wrong-size", "refused checksum-mismatch", "\"version\"", "\"bytes\": 7, \"version\""),
        altered(
            "late",
            "failed deadline-exceeded",
            "\"task\"",
            "\"deadline\": \"2020-01-01T00:00:00Z\", \"task\""),
        policy("unknown-policy", "refused unknown-policy"),
        altered("java-stream", "refused format-unknown", "good.onnx", "java-stream"),
        altered("preprocessor", "refused archive-entry-not-allowed", "good.onnx", "preprocessor"),
        altered("zip-bomb", "refused archive-bomb", "good.onnx", "zip-bomb"),
        altered("lambda", "refused model-has-code", "good.onnx", "lambda"),
        altered("external-data", "refused external-data", "good.onnx", "external-data"),
        altered("nan-weights", "refused weights-not-finite", "good.onnx", "nan-weights"),
        altered("pickled-data", "refused data-malformed", "val.npz", "pickled.npz"),
        withoutKey("null-key", "refused object-missing"),
        header("garbage-trace", "refused object-missing", "traceparent", "garbage\n00"));
  }

  private static HostileEvent value(String id, String end, @Nullable String value) {
    return new HostileEvent(id, end, record(KEY, headers(id), value));
  }

  private static HostileEvent altered(String id, String end, String from, String to) {
    String good = Events.good("cnn", "1");
    String altered = good.replace(from, to);
    if (altered.equals(good)) {
      throw new IllegalArgumentException(id + " alters nothing");
    }
    return value(id, end, altered);
  }

  private static HostileEvent sparsity(String id, String end, String sparsity) {
    return altered(id, end, "\"sparsity\": 0.5", "\"sparsity\": " + sparsity);
  }

  private static HostileEvent policy(String id, String end) {
    String good = Events.good("cnn", "1");
    int policy = good.indexOf("\"policy\":");
    return value(id, end, good.substring(0, policy) + "\"policy\": \"no-such-policy\"}");
  }

  private static HostileEvent header(String id, String end, String name, @Nullable String text) {
    Map<String, String> headers = headers(id);
    headers.remove(name);
    if (text != null) {
      headers.put(name, text);
    }
    return new HostileEvent(id, end, record(KEY, headers, Events.missing("cnn", "1")));
  }

  private static HostileEvent withoutKey(String id, String end) {
    return new HostileEvent(id, end, record(null, headers(id), Events.missing("cnn", "1")));
  }

  static ProducerRecord<byte[], byte[]> good(String id) {
    return record(KEY, headers(id), Events.good("cnn", "1"));
  }

  private static Map<String, String> headers(String id) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id);
    headers.put("ce_source", Stack.SOURCE);
    headers.put("ce_type", CloudEvents.MODEL_TRAINED);
    headers.put("content-type", "application/json");
    headers.put("test-id", id);
    return headers;
  }

  private static ProducerRecord<byte[], byte[]> record(
      @Nullable String key, Map<String, String> headers, @Nullable String value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            "model-trained",
            0,
            key == null ? null : key.getBytes(UTF_8),
            value == null ? null : value.getBytes(UTF_8));
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    return record;
  }
}
