package dev.espalier.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import dev.espalier.local.WorkerProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;

/**
 * The image, as an orchestrator with restricted pods runs it, against a broker and a store of this
 * machine. Needs a container engine and the image, which {@code src/test/containers/build.sh}
 * makes; without either it is skipped.
 */
class WorkerImageIT {
  private static final String IMAGE = System.getProperty("test.image", "espalier:0.1.0-SNAPSHOT");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int GRACE_SECONDS = 20;
  private static final int KILLED = 128 + 9;

  /** (512 MiB for the worker + one engine of 2 GiB) x 1.15, as documented. */
  private static final long MEMORY = (512L + 2048L) * 115 / 100 << 20;

  @TempDir private static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(), "no container engine can be reached");
    assumeTrue(hasImage(), IMAGE + " is not built: src/test/containers/build.sh");
    stack = Stack.start(directory, 1);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void shouldPruneWithoutPrivilegesOnReadOnlyRootWithinItsMemory() throws Exception {
    try (GenericContainer<?> worker = worker();
        Topics topics = new Topics(stack.bootstrapServers())) {
      worker.start();
      stack.publish("image", "cnn", Events.good("cnn", "1"));
      assertThat(topics.await(1)).extracting(Topics.Seen::verdict).containsExactly("pruned");

      String process = run(worker, "cat", "/proc/1/status");
      assertThat(process)
          .containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001")
          .containsPattern("CapBnd:\\s+0{16}")
          .containsPattern("NoNewPrivs:\\s+1");
      assertThat(worker.execInContainer("touch", "/opt/espalier/x").getStderr())
          .contains("Read-only file system");
      assertThat(state(worker).getOOMKilled()).isFalse();
    }
  }

  @Test
  void shouldEndByItselfWhenToldInTheMiddleOfAJob() throws Exception {
    try (GenericContainer<?> worker = worker()) {
      worker.start();
      stack.publish("stopped", "cnn", Events.unending("cnn", "2"));
      await().atMost(PATIENCE).until(() -> worker.getLogs().contains("Checkpoint written"));
      docker().stopContainerCmd(worker.getContainerId()).withTimeout(GRACE_SECONDS).exec();

      assertThat(state(worker).getRunning()).isFalse();
      assertThat(state(worker).getExitCodeLong()).isNotEqualTo(KILLED);
    }
  }

  @Test
  void shouldSayWhatItIs() throws Exception {
    Map<String, String> labels = docker().inspectImageCmd(IMAGE).exec().getConfig().getLabels();
    for (String name :
        List.of("title", "description", "licenses", "version", "revision", "created", "vendor")) {
      assertThat(labels.get("org.opencontainers.image." + name)).as(name).isNotBlank();
    }
    try (GenericContainer<?> container = worker().withCommand("--version")) {
      container.withStartupCheckStrategy(new OneShotStartupCheckStrategy());
      container.start();
      assertThat(container.getLogs()).contains(labels.get("org.opencontainers.image.version"));
    }
  }

  /**
   * As the manifests of {@code k8s/base} say: the memory of the limits, and no privilege at all.
   */
  private static GenericContainer<?> worker() throws IOException {
    Map<String, String> configuration = WorkerProcess.configuration(stack.broker(), stack.store());
    String secret = configuration.remove("espalier.store.secret-key");
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(secrets.resolve("key"), secret);
    configuration.put("espalier.store.secret-key-file", "/secrets/key");
    configuration.put("espalier.engine.heap", "256M");
    configuration.put("espalier.engine.memory", "2G");
    configuration.put("quarkus.management.port", Integer.toString(freePort()));
    configuration.put("espalier.pages.port", "0");
    GenericContainer<?> worker =
        new GenericContainer<>(IMAGE)
            // Broker and store listen on this machine's loopback.
            .withNetworkMode("host")
            .withTmpFs(Map.of("/tmp", "exec,mode=1777,size=512m"))
            .withCreateContainerCmdModifier(
                create ->
                    restrict(create.getHostConfig())
                        .withBinds(Bind.parse(secrets + ":/secrets:ro")));
    configuration.forEach(
        (key, value) ->
            worker.withEnv(key.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT), value));
    return worker;
  }

  private static HostConfig restrict(HostConfig host) {
    return host.withReadonlyRootfs(true)
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges:true"))
        .withMemory(MEMORY)
        .withMemorySwap(MEMORY);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean hasImage() {
    try {
      docker().inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static String run(GenericContainer<?> container, String... command) throws Exception {
    return container.execInContainer(command).getStdout();
  }

  private static ContainerState state(GenericContainer<?> container) {
    return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
  }

  private static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }
}
