package dev.espalier.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** A real Kafka broker (KRaft, one node) as a child process on free ports of the loopback. */
public final class EmbeddedBroker implements AutoCloseable {
  /** The topics of the contract. */
  public static final List<String> TOPICS =
      List.of("model-trained", "model-pruned", "model-not-pruned", "model-trained-dlq");

  private static final int ATTEMPTS = 3;

  private final ServerJvm server;

  private EmbeddedBroker(ServerJvm server) {
    this.server = server;
  }

  /**
   * Starts a broker that has the four {@link #TOPICS}.
   *
   * @param directory where its log directory and its log file go; created when missing
   * @param partitions partitions of each topic
   */
  public static EmbeddedBroker start(Path directory, int partitions)
      throws IOException, InterruptedException {
    EmbeddedBroker broker = new EmbeddedBroker(startServer(directory));
    try {
      broker.createTopics(partitions, TOPICS.toArray(String[]::new));
      return broker;
    } catch (IOException | InterruptedException | RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  private static ServerJvm startServer(Path directory) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path home = Files.createDirectories(directory.resolve("broker-" + attempt));
      try {
        return ServerJvm.start(
            BrokerMain.class, "256m", home.resolve("broker.log"), Map.of(), home.toString());
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Creates further topics of one replica. */
  public void createTopics(int partitions, String... names)
      throws IOException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      admin
          .createTopics(
              Arrays.stream(names).map(name -> new NewTopic(name, partitions, (short) 1)).toList())
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("topics cannot be created", e);
    }
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return server.address();
  }

  /** Freezes the broker; connections stay open and silent. */
  public void pause() throws IOException, InterruptedException {
    server.process().pause();
  }

  /** Wakes a paused broker. */
  public void resume() throws IOException, InterruptedException {
    server.process().resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
