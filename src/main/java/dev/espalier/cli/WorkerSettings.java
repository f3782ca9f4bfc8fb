package dev.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;

/** Whether anything is configured for a worker: where nothing is, no worker was meant. */
final class WorkerSettings {
  /** What is said where nothing is. */
  static final String NEEDED =
      "the worker has no configuration: set ESPALIER_KAFKA_BOOTSTRAP_SERVERS,"
          + " ESPALIER_STORE_ENDPOINT, ESPALIER_STORE_OUTPUT_BUCKET, ESPALIER_STORE_ALLOWED_BUCKETS"
          + " and the store's keys, or put config/application.properties beside the working"
          + " directory";

  private WorkerSettings() {}

  /** Whether this process has any. */
  static boolean exist() {
    return exist(
        System.getenv().keySet(), System.getProperties().stringPropertyNames(), Path.of(""));
  }

  /**
   * Whether there are any.
   *
   * @param variables names of the environment's variables
   * @param properties names of system properties
   * @param directory the working directory
   */
  static boolean exist(
      Collection<String> variables, Collection<String> properties, Path directory) {
    return Files.exists(directory.resolve("config/application.properties"))
        || properties.stream().anyMatch(WorkerSettings::configures)
        || variables.stream()
            .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
            .anyMatch(WorkerSettings::configures);
  }

  private static boolean configures(String name) {
    return name.startsWith("espalier.")
        || name.equals("smallrye.config.locations")
        || name.equals("quarkus.config.locations");
  }
}
