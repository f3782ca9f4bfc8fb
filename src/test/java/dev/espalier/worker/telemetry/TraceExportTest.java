package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.local.TraceReceiver;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceExportTest {

  @Test
  void shouldRecordNothingWhenThereIsNowhereToSendItTo() {
    assertThat(TraceExport.openTelemetry(config(Map.of("otel.service.name", "x"))))
        .isSameAs(OpenTelemetry.noop());
    assertThat(TraceExport.openTelemetry(config(Map.of("otel.exporter.otlp.endpoint", ""))))
        .isSameAs(OpenTelemetry.noop());
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void shouldSendWhatEndedBeforeTheWorkerLeaves(String protocol) throws Exception {
    try (TraceReceiver receiver = TraceReceiver.start()) {
      span(
          to(
              receiver.endpoint(),
              Map.of("otel.service.name", "pruning-eu", "otel.exporter.otlp.protocol", protocol)));

      assertThat(receiver.spans())
          .singleElement()
          .satisfies(
              span -> {
                assertThat(span.name()).isEqualTo("fetch");
                assertThat(span.resource()).containsEntry("service.name", "pruning-eu");
                assertThat(span.resource()).containsKey("service.version");
              });
    }
  }

  @Test
  void shouldNameTheServiceUnlessResourceAttributesDo() throws Exception {
    try (TraceReceiver receiver = TraceReceiver.start()) {
      span(to(receiver.endpoint(), Map.of()));
      span(
          to(
              receiver.endpoint(),
              Map.of("otel.resource.attributes", "service.name=named,service.version=7")));

      assertThat(receiver.spans())
          .extracting(span -> span.resource().get("service.name"))
          .containsExactly("espalier", "named");
      assertThat(receiver.spans().get(1).resource()).containsEntry("service.version", "7");
    }
  }

  @Test
  void shouldSendNothingElseThanTraces() throws Exception {
    try (TraceReceiver receiver = TraceReceiver.start()) {
      span(
          to(
              receiver.endpoint(),
              Map.of("otel.metrics.exporter", "otlp", "otel.logs.exporter", "otlp")));

      assertThat(receiver.requests()).isEqualTo(1);
    }
  }

  @Test
  void shouldObeyTheSwitchOfTheSpecification() {
    try (TraceReceiver receiver = TraceReceiver.start()) {
      OpenTelemetry disabled = to(receiver.endpoint(), Map.of("otel.sdk.disabled", "true"));

      assertThat(disabled).isSameAs(OpenTelemetry.noop());
    }
  }

  private static void span(OpenTelemetry telemetry) throws IOException, InterruptedException {
    new Traces(telemetry).stage(Stage.FETCH, () -> true);
    TraceExport.close(telemetry);
  }

  private static OpenTelemetry to(String endpoint, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("otel.exporter.otlp.endpoint", endpoint);
    settings.putIfAbsent("otel.exporter.otlp.protocol", "http/protobuf");
    return TraceExport.openTelemetry(config(settings));
  }

  private static Config config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder().withDefaultValues(settings).build();
  }
}
