package dev.espalier.worker.telemetry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.prometheus.client.CollectorRegistry;

/** Metrics that nobody reads. */
public final class TestMetrics {
  private TestMetrics() {}

  public static WorkerMetrics create() {
    return new WorkerMetrics(new SimpleMeterRegistry(), new CollectorRegistry());
  }
}
