package dev.espalier.local;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A single-node KRaft broker. Argument: its directory. Prints its bootstrap address. */
final class BrokerMain {
  private static final String HOST = "127.0.0.1";

  private BrokerMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream announcement = System.out;
    System.setOut(System.err);
    Path directory = Path.of(arguments[0]);
    int[] ports = freePorts();
    Properties properties = properties(directory, ports[0], ports[1]);
    Path file = directory.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    String[] format = {
      "format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()
    };
    if (StorageTool.execute(format, System.err) != 0) {
      throw new IOException("the log directory cannot be formatted");
    }
    KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    server.startup();
    announcement.println(HOST + ":" + ports[0]);
    announcement.flush();
    server.awaitShutdown();
  }

  /**
   * Two ports that are free now. Controller and broker must be told each other's address before
   * they bind, so port 0 is no choice; should another process take one meanwhile, binding fails,
   * this JVM ends, and the parent starts another.
   */
  private static int[] freePorts() {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getByName(HOST));
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return new int[] {one.getLocalPort(), two.getLocalPort()};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties properties(Path directory, int port, int controllerPort) {
    Properties properties = new Properties();
    properties.setProperty("process.roles", "broker,controller");
    properties.setProperty("node.id", "1");
    properties.setProperty("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
    properties.setProperty("controller.listener.names", "CONTROLLER");
    properties.setProperty(
        "listeners",
        "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
    properties.setProperty("log.dirs", directory.resolve("log").toString());
    properties.setProperty("auto.create.topics.enable", "false");
    properties.setProperty("group.initial.rebalance.delay.ms", "0");
    // One node: the internal topics can have one replica only, and few partitions start faster.
    properties.setProperty("offsets.topic.replication.factor", "1");
    properties.setProperty("offsets.topic.num.partitions", "4");
    properties.setProperty("transaction.state.log.replication.factor", "1");
    properties.setProperty("transaction.state.log.min.isr", "1");
    properties.setProperty("transaction.state.log.num.partitions", "4");
    return properties;
  }
}
