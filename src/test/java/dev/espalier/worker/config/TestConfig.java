package dev.espalier.worker.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Configurations read as the container reads them, from properties. */
public final class TestConfig {
  private TestConfig() {}

  /** A complete configuration with some properties changed; a null value leaves one out. */
  public static WorkerConfig with(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>(required());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (keysAndValues[i + 1] == null) {
        properties.remove(keysAndValues[i]);
      } else {
        properties.put(keysAndValues[i], keysAndValues[i + 1]);
      }
    }
    return new SmallRyeConfigBuilder()
        .withMapping(WorkerConfig.class)
        .withConverter(MemorySize.class, 200, new MemorySizeConverter())
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(properties, "test", 500))
        .addDefaultInterceptors()
        .addSystemSources()
        .build()
        .getConfigMapping(WorkerConfig.class);
  }

  /** Client properties of a configuration. */
  public static KafkaSettings kafka(WorkerConfig config) {
    return new KafkaSettings(config);
  }

  private static Map<String, String> required() {
    return Map.of(
        "espalier.kafka.bootstrap-servers", "localhost:9092",
        "espalier.store.endpoint", "http://localhost:9000",
        "espalier.store.access-key", "access",
        "espalier.store.secret-key", "secret",
        "espalier.store.output-bucket", "espalier",
        "espalier.store.allowed-buckets", "models,datasets");
  }
}
