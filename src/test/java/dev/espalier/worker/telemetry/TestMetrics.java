package dev.espalier.worker.telemetry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Metrics that nobody reads. */
public final class TestMetrics {
  private TestMetrics() {}

  public static WorkerMetrics create() {
    return new WorkerMetrics(new SimpleMeterRegistry());
  }
}
