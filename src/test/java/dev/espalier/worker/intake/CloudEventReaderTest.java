package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventReaderTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void shouldReadAttributesAndDataWhenEventIsBinary() {
    IncomingEvent event =
        CloudEventReader.read(
            Records.record(Records.headersWith("traceparent", PARENT), Records.DATA));
    assertThat(event.attributes().id()).isEqualTo("event-1");
    assertThat(event.attributes().source()).isEqualTo("/training/cluster-a");
    assertThat(event.attributes().time()).isEqualTo(Instant.parse("2026-11-24T08:00:00Z"));
    assertThat(event.attributes().traceparent()).isEqualTo(PARENT);
    assertThat(event.data().at("/model/name").textValue()).isEqualTo("cnn");
  }

  @Test
  void shouldReadTheSameWhenEventIsStructured() {
    String structured =
        """
        {"specversion": "1.0", "id": "event-1", "source": "/training/cluster-a",
         "type": "dev.espalier.model.trained.v1", "time": "2026-11-24T09:00:00+01:00",
         "data": %s}
        """
            .formatted(Records.DATA);
    Map<String, String> headers =
        Map.of("content-type", "application/cloudevents+json; charset=UTF-8");
    assertThat(CloudEventReader.read(Records.record(headers, structured)))
        .isEqualTo(CloudEventReader.read(Records.record(Records.headers(), Records.DATA)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void shouldDropTraceAndKeepEventWhenTraceparentIsGarbage(String traceparent) {
    Map<String, String> headers = Records.headersWith("traceparent", traceparent);
    headers.put("tracestate", "vendor=1");
    IncomingEvent event = CloudEventReader.read(Records.record(headers, Records.DATA));
    assertThat(event.attributes().traceparent()).isNull();
    assertThat(event.attributes().tracestate()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_specversion", "ce_id", "ce_source", "ce_type"})
  void shouldRefuseWhenRequiredAttributeIsMissing(String name) {
    Map<String, String> headers = Records.headers();
    headers.remove(name);
    assertNotACloudEvent(Records.record(headers, Records.DATA));
    headers.put(name, null);
    assertNotACloudEvent(Records.record(headers, Records.DATA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "line\nbreak", "ümlaut", "\u0000"})
  void shouldRefuseWhenIdIsNotPrintable(String id) {
    assertNotACloudEvent(Records.record(Records.headersWith("ce_id", id), Records.DATA));
  }

  @Test
  void shouldRefuseWhenAttributeIsTooLong() {
    assertNotACloudEvent(
        Records.record(Records.headersWith("ce_id", "x".repeat(513)), Records.DATA));
  }

  @Test
  void shouldRefuseWhenEventIsOfAnotherKind() {
    assertNotACloudEvent(
        Records.record(Records.headersWith("ce_type", "com.example.other"), Records.DATA));
    assertNotACloudEvent(
        Records.record(Records.headersWith("ce_specversion", "0.3"), Records.DATA));
    assertNotACloudEvent(Records.record(Records.headersWith("ce_time", "yesterday"), Records.DATA));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "not json", "[]", "1", "null", "\uFEFF{}", "{} {}", "{\"a\":1,\"a\":2}"})
  void shouldRefuseWhenValueIsNoJsonObject(String value) {
    assertNotACloudEvent(Records.record(Records.headers(), value));
  }

  @Test
  void shouldRefuseWhenValueIsTooDeepOrTooLarge() {
    assertNotACloudEvent(
        Records.record(Records.headers(), "{\"a\":".repeat(200) + "1" + "}".repeat(200)));
    byte[] large = new byte[CloudEventReader.MAX_VALUE_BYTES + 1];
    assertNotACloudEvent(Records.at(0, 0, Records.headers(), large));
  }

  @Test
  void shouldRefuseWhenHeadersAreTooLargeOrTooMany() {
    assertNotACloudEvent(
        Records.record(
            Records.headersWith("x", "y".repeat(CloudEventReader.MAX_HEADER_BYTES)), Records.DATA));
    Map<String, String> many = new LinkedHashMap<>(Records.headers());
    for (int i = 0; i < 200; i++) {
      many.put("h" + i, "v");
    }
    assertNotACloudEvent(Records.record(many, Records.DATA));
  }

  @Test
  void shouldRefuseWhenStructuredEventHasNoData() {
    assertNotACloudEvent(
        Records.record(
            Map.of("content-type", "application/cloudevents+json"),
            """
            {"specversion": "1.0", "id": "1", "source": "/s",
             "type": "dev.espalier.model.trained.v1"}
            """));
  }

  @Test
  void shouldRefuseWhenHeaderIsNotUtf8() {
    ConsumerRecord<byte[], byte[]> record =
        Records.at(0, 0, Map.of(), Records.DATA.getBytes(UTF_8));
    Records.headers().forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    record.headers().add("ce_id", new byte[] {(byte) 0xff});
    assertNotACloudEvent(record);
  }

  private static void assertNotACloudEvent(ConsumerRecord<byte[], byte[]> record) {
    assertThatThrownBy(() -> CloudEventReader.read(record))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason().code()).isEqualTo(ReasonCode.NOT_A_CLOUDEVENT));
  }
}
