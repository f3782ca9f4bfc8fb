package dev.espalier.worker.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;

/**
 * Histograms of fractions. Micrometer rounds what it puts into buckets up to whole numbers, so that
 * every fraction would be a 1: these belong to the Prometheus client beneath it.
 *
 * @param sparsity of accepted models
 * @param metricDrop of accepted models; 0 where one became better
 * @param size compressed, after over before
 * @param latency after over before
 */
record RatioHistograms(
    Histogram sparsity, Histogram metricDrop, Histogram size, Histogram latency) {

  RatioHistograms(CollectorRegistry registry) {
    this(
        of("sparsity", "Sparsity of accepted models", Buckets.FRACTION, registry),
        of("metric_drop", "Drop of the metric of accepted models", Buckets.DROP, registry),
        of("size", "Compressed size, after over before", Buckets.FRACTION, registry),
        of("latency", "Latency of accepted models, after over before", Buckets.LATENCY, registry));
  }

  private static Histogram of(
      String name, String help, double[] buckets, CollectorRegistry registry) {
    return Histogram.build("espalier_job_" + name + "_ratio", help)
        .buckets(buckets)
        .register(registry);
  }
}
