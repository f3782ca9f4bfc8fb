package dev.espalier.worker.telemetry;

import dev.espalier.contract.BuildVersion;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Where spans go. Without an OTLP endpoint nothing is recorded and no thread, connection or port
 * exists for it. With one, the SDK takes its settings by the names of the OpenTelemetry
 * specification ("Environment Variable Specification", "OTLP Exporter"), from the environment or
 * from wherever the worker's other settings come from.
 */
final class TraceExport {
  private static final Logger LOG = Logger.getLogger(TraceExport.class);
  private static final String PREFIX = "otel.";
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String TRACES_ENDPOINT = "otel.exporter.otlp.traces.endpoint";
  private static final String DISABLED = "otel.sdk.disabled";
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("service.version");

  /** The last spans get this long; what is then unsent is lost, and the worker leaves. */
  private static final long FLUSH_SECONDS = 3;

  private TraceExport() {}

  @Produces
  @Singleton
  static OpenTelemetry openTelemetry(Config config) {
    return isConfigured(config) ? sdk(config) : OpenTelemetry.noop();
  }

  static void close(@Disposes OpenTelemetry telemetry) {
    if (telemetry instanceof OpenTelemetrySdk sdk) {
      sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static boolean isConfigured(Config config) {
    return endpoint(config).isPresent()
        && !config.getOptionalValue(DISABLED, Boolean.class).orElse(false);
  }

  private static Optional<String> endpoint(Config config) {
    return config
        .getOptionalValue(TRACES_ENDPOINT, String.class)
        .or(() -> config.getOptionalValue(ENDPOINT, String.class));
  }

  private static OpenTelemetry sdk(Config config) {
    LOG.infof("Traces are sent: endpoint=%s", withoutUser(endpoint(config).orElseThrow()));
    return AutoConfiguredOpenTelemetrySdk.builder()
        // The container ends it, after the last job.
        .disableShutdownHook()
        .addPropertiesSupplier(() -> settings(config))
        // Metrics are scraped and logs are written: neither is sent.
        .addPropertiesCustomizer(
            properties -> Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none"))
        .addResourceCustomizer((resource, properties) -> named(resource))
        .build()
        .getOpenTelemetrySdk();
  }

  private static String withoutUser(String endpoint) {
    return endpoint.replaceFirst("//[^/]*@", "//");
  }

  private static Map<String, String> settings(Config config) {
    Map<String, String> settings = new HashMap<>();
    // A stack trace is cut to its first lines.
    settings.put("otel.attribute.value.length.limit", "2048");
    StreamSupport.stream(config.getPropertyNames().spliterator(), false)
        .filter(name -> name.startsWith(PREFIX))
        .forEach(
            name ->
                config
                    .getOptionalValue(name, String.class)
                    .ifPresent(value -> settings.put(name, value)));
    return settings;
  }

  private static Resource named(Resource resource) {
    String name = resource.getAttribute(SERVICE);
    boolean unnamed = name == null || name.startsWith("unknown_service");
    Resource ours = Resource.builder().put(VERSION, BuildVersion.current()).build();
    Resource merged = ours.merge(resource);
    return unnamed ? merged.toBuilder().put(SERVICE, "espalier").build() : merged;
  }
}
