package dev.espalier.worker.telemetry;

import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * The Prometheus client's registry that is scraped. The one that the platform would produce is
 * another wherever it is injected, so what is registered there would not be seen.
 */
final class ScrapedRegistry {
  private ScrapedRegistry() {}

  @Produces
  @Singleton
  static CollectorRegistry registry() {
    return new CollectorRegistry(true);
  }
}
