package dev.espalier.worker.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;

/** Metrics that nobody reads. */
public final class TestMetrics {
  private TestMetrics() {}

  public static WorkerMetrics create() {
    return new WorkerMetrics(new SimpleMeterRegistry(), new CollectorRegistry());
  }

  /** Metrics that are read where they are kept. */
  public static WorkerMetrics in(MeterRegistry registry) {
    return new WorkerMetrics(registry, new CollectorRegistry());
  }

  /** What is scraped from a worker that has just started, in the Prometheus text format. */
  @SuppressWarnings("deprecation") // The registry of the container is the one that is meant.
  public static String firstScrape() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new WorkerMetrics(registry, registry.getPrometheusRegistry());
    return registry.scrape();
  }
}
