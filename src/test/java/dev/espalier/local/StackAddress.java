package dev.espalier.local;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * How to reach a running stack.
 *
 * @param bootstrapServers host and port of the broker
 * @param endpoint URL of the object store
 * @param accessKey its access key
 * @param secretKey its secret key
 */
record StackAddress(String bootstrapServers, String endpoint, String accessKey, String secretKey) {
  static StackAddress of(EmbeddedBroker broker, EmbeddedStore store) {
    return new StackAddress(
        broker.bootstrapServers(), store.endpoint(), store.accessKey(), store.secretKey());
  }

  /** Reads what {@link #write} wrote. */
  static StackAddress read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new StackAddress(
        properties.getProperty("bootstrap-servers"),
        properties.getProperty("endpoint"),
        properties.getProperty("access-key"),
        properties.getProperty("secret-key"));
  }

  /** Writes a file for other processes of this machine. */
  void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("bootstrap-servers", bootstrapServers);
    properties.setProperty("endpoint", endpoint);
    properties.setProperty("access-key", accessKey);
    properties.setProperty("secret-key", secretKey);
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }
}
