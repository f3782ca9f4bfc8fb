package dev.espalier.worker.telemetry;

import static java.util.Collections.enumeration;
import static java.util.Collections.list;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers scrapes in the format that the scraper prefers. The platform's own handler answers in
 * plain text whenever that is accepted at all, as it is by every Prometheus, and plain text has no
 * exemplars.
 */
@Singleton
class MetricsEndpoint {
  private static final int BEFORE_THE_PLATFORMS = -1;

  private final CollectorRegistry registry;
  private final String path;

  MetricsEndpoint(
      CollectorRegistry registry,
      @ConfigProperty(name = "quarkus.management.root-path", defaultValue = "/q") String root,
      @ConfigProperty(name = "quarkus.micrometer.export.prometheus.path") String path) {
    this.registry = registry;
    this.path = root.replaceFirst("/$", "") + "/" + path;
  }

  void register(@Observes ManagementInterface management) {
    management
        .router()
        .get(path)
        .order(BEFORE_THE_PLATFORMS)
        .blockingHandler(
            request -> {
              String type = TextFormat.chooseContentType(request.request().getHeader("Accept"));
              var unused = request.response().putHeader("Content-Type", type).end(scrape(type));
            },
            false);
  }

  private String scrape(String type) {
    StringWriter text = new StringWriter();
    try {
      TextFormat.writeFormat(type, text, enumeration(allowed(registry)));
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes everything", e);
    }
    return text.toString();
  }

  /**
   * OpenMetrics 1.0 knows exemplars of buckets and of counters' totals. Micrometer gives the count
   * of a histogram one as well, for which Prometheus refuses the whole scrape.
   */
  static List<MetricFamilySamples> allowed(CollectorRegistry registry) {
    return list(registry.metricFamilySamples()).stream()
        .map(family -> family.type == Collector.Type.COUNTER ? family : onBucketsAlone(family))
        .toList();
  }

  private static MetricFamilySamples onBucketsAlone(MetricFamilySamples family) {
    return new MetricFamilySamples(
        family.name,
        family.unit,
        family.type,
        family.help,
        family.samples.stream()
            .map(sample -> sample.name.endsWith("_bucket") ? sample : withoutExemplar(sample))
            .toList());
  }

  private static Sample withoutExemplar(Sample sample) {
    return sample.exemplar == null
        ? sample
        : new Sample(sample.name, sample.labelNames, sample.labelValues, sample.value);
  }
}
