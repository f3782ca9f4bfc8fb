package dev.espalier.worker.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.job.Job;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code model-trained} events from Kafka records, in binary or structured mode (CloudEvents
 * Kafka protocol binding 1.0.2). Attributes are bounded: they return in headers and log lines.
 */
final class CloudEventReader {
  /** Largest value taken: an event names things, it does not hold them. */
  static final int MAX_VALUE_BYTES = 256 << 10;

  /** Largest sum of header names and values taken. */
  static final int MAX_HEADER_BYTES = 64 << 10;

  private static final int MAX_HEADERS = 128;
  private static final int MAX_ATTRIBUTE_CHARS = 512;
  private static final int MAX_TRACE_STATE_CHARS = 512;
  private static final Pattern ATTRIBUTE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Pattern TRACE_PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private CloudEventReader() {}

  /**
   * The record's event.
   *
   * @throws Refusal {@code not-a-cloudevent}, saying which rule the record breaks
   */
  static IncomingEvent read(ConsumerRecord<byte[], byte[]> record) {
    checkSize(record);
    String contentType = header(record, CloudEvents.CONTENT_TYPE_HEADER);
    boolean structured =
        contentType != null
            && contentType.toLowerCase(Locale.ROOT).startsWith(CloudEvents.STRUCTURED_JSON);
    JsonNode value = json(record.value());
    if (!structured) {
      return new IncomingEvent(attributes(name -> header(record, name)), value);
    }
    JsonNode data = value.get("data");
    if (data == null) {
      throw refusal("it has no 'data'");
    }
    return new IncomingEvent(attributes(header -> member(value, header)), data);
  }

  private static void checkSize(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      throw refusal("it has no value");
    }
    if (record.value().length > MAX_VALUE_BYTES) {
      throw refusal(
          "its value has " + record.value().length + " bytes, at most " + MAX_VALUE_BYTES);
    }
    long bytes = 0;
    int headers = 0;
    for (Header header : record.headers()) {
      headers++;
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    if (bytes > MAX_HEADER_BYTES || headers > MAX_HEADERS) {
      throw refusal(
          "it has %d headers of %d bytes, at most %d of %d"
              .formatted(headers, bytes, MAX_HEADERS, MAX_HEADER_BYTES));
    }
  }

  private static Job.Event attributes(Function<String, @Nullable String> attribute) {
    String version = attribute.apply(CloudEvents.SPEC_VERSION_HEADER);
    if (!CloudEvents.SPEC_VERSION.equals(version)) {
      throw refusal("its specversion is not " + CloudEvents.SPEC_VERSION);
    }
    String type = required(attribute, CloudEvents.TYPE_HEADER);
    if (!CloudEvents.MODEL_TRAINED.equals(type)) {
      throw refusal("its type is '" + type + "' and not " + CloudEvents.MODEL_TRAINED);
    }
    String traceParent = attribute.apply(CloudEvents.TRACE_PARENT_HEADER);
    String traceState = attribute.apply(CloudEvents.TRACE_STATE_HEADER);
    // W3C Trace Context 4.3: what cannot be parsed is dropped, and no reason to fail.
    boolean traced = traceParent != null && TRACE_PARENT.matcher(traceParent).matches();
    boolean state =
        traceState != null
            && traceState.length() <= MAX_TRACE_STATE_CHARS
            && ATTRIBUTE.matcher(traceState).matches();
    return new Job.Event(
        required(attribute, CloudEvents.SOURCE_HEADER),
        required(attribute, CloudEvents.ID_HEADER),
        time(attribute.apply(CloudEvents.TIME_HEADER)),
        traced ? traceParent : null,
        traced && state ? traceState : null);
  }

  private static String required(Function<String, @Nullable String> attribute, String header) {
    String value = attribute.apply(header);
    if (value == null
        || value.length() > MAX_ATTRIBUTE_CHARS
        || !ATTRIBUTE.matcher(value).matches()) {
      throw refusal(
          "'%s' must be present, printable ASCII and at most %d characters"
              .formatted(header, MAX_ATTRIBUTE_CHARS));
    }
    return value;
  }

  private static @Nullable Instant time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
      // RFC 3339 has four digits for the year; java.time has more.
      if (time.getYear() >= 0 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // Refused below.
    }
    throw refusal("its time is not an RFC 3339 timestamp");
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      return null;
    }
    try {
      return utf8(header.value());
    } catch (CharacterCodingException e) {
      throw refusal("header '" + name + "' is not UTF-8");
    }
  }

  private static @Nullable String member(JsonNode event, String header) {
    JsonNode member = event.path(header.replaceFirst("^ce_", ""));
    return member.isTextual() ? member.textValue() : null;
  }

  /** Decoded first: a JSON library would also take byte order marks, UTF-16 and UTF-32. */
  private static JsonNode json(byte[] value) {
    try {
      JsonNode node = ContractJson.mapper().readTree(utf8(value));
      if (!node.isObject()) {
        throw refusal("its value is not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw refusal("its value is not JSON in UTF-8");
    }
  }

  private static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static Refusal refusal(String rule) {
    return new Refusal(
        ReasonCode.NOT_A_CLOUDEVENT,
        "the record is not a model-trained CloudEvent: " + rule + "; see schemas/asyncapi.yaml");
  }
}
