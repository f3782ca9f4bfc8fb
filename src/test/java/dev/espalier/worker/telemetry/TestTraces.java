package dev.espalier.worker.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;

/** Spans that stay in memory, and traces that nobody reads. */
public final class TestTraces {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final Traces traces =
      new Traces(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                      .build())
              .build());

  /** Traces as they are without an endpoint. */
  public static Traces off() {
    return new Traces(OpenTelemetry.noop());
  }

  /** Traces whose spans stay here. */
  public Traces traces() {
    return traces;
  }

  /** What has ended, in that order. */
  public List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  List<SpanData> named(String name) {
    return spans().stream().filter(span -> span.getName().equals(name)).toList();
  }

  SpanData one(String name) {
    List<SpanData> found = named(name);
    if (found.size() != 1) {
      throw new AssertionError(name + " is the name of " + found.size() + " spans");
    }
    return found.get(0);
  }

  static <T> T value(SpanData span, AttributeKey<T> key) {
    return span.getAttributes().get(key);
  }
}
