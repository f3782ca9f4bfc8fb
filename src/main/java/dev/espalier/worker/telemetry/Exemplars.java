package dev.espalier.worker.telemetry;

import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exemplars.tracer.otel.OpenTelemetrySpanContextSupplier;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;

/**
 * Histograms name the trace of one of the observations of each bucket, when its span is sampled and
 * the scrape asks for OpenMetrics.
 */
final class Exemplars {
  private Exemplars() {}

  /** In place of the platform's own, which is empty unless its OpenTelemetry extension is there. */
  @Produces
  @Alternative
  @Priority(1)
  static Optional<ExemplarSampler> sampler() {
    return Optional.of(new DefaultExemplarSampler(new OpenTelemetrySpanContextSupplier()));
  }
}
