package dev.espalier.worker.telemetry;

import java.time.Duration;
import java.util.stream.LongStream;

/** Upper bounds of histogram buckets. */
final class Buckets {
  /** Jobs and their stages: 100 ms to 6 h. */
  static final Duration[] JOB =
      millis(100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000);

  /** Requests to the store: 5 ms to 2 min. */
  static final Duration[] REQUEST =
      millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 30_000, 120_000);

  /** Fractions from 0 to 1, finer where pruned models are. */
  static final double[] FRACTION = {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1};

  /** Drops of a metric; at or below zero the pruned model is no worse. */
  static final double[] DROP = {0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1};

  /** Latency after over before; above 1 the model became slower. */
  static final double[] LATENCY = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.5};

  private Buckets() {}

  private static Duration[] millis(long... bounds) {
    return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
