package dev.espalier.worker.telemetry;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
      TextFormat.writeFormat(type, text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes everything", e);
    }
    return text.toString();
  }
}
