package dev.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.Schemas;
import dev.espalier.local.FashionMnist;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as users run it: the packaged jar, the real engine, a model that PyTorch exported.
 */
@Timeout(600)
class PackagedCommandLineIT {
  private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
  private static final Path MODEL =
      Path.of("src/test/resources/fixtures/pytorch/fashion-cnn.onnx").toAbsolutePath();

  private static final int INODE_COLUMN = 9;

  @TempDir static Path shared;
  private static String data = "";

  @TempDir Path directory;

  @BeforeAll
  static void writeData() throws IOException {
    data =
        Files.write(shared.resolve("val.npz"), FashionMnist.test().first(2_000).npz()).toString();
  }

  @Test
  void shouldDescribeTheModelAndOpenNoSocketWhenInspecting() throws Exception {
    Ended ended = run("inspect", "--model", MODEL.toString(), "--json");

    assertThat(ended.exit).isZero();
    assertThat(ended.err).isEmpty();
    assertThat(ended.sockets).isEmpty();
    JsonNode document = ContractJson.mapper().readTree(ended.out);
    assertThat(document.get("format").textValue()).isEqualTo("onnx");
    assertThat(document.get("parameters").longValue()).isPositive();
    assertThat(document.get("operators")).isNotEmpty();
    assertThat(document.at("/supports/gradients").booleanValue()).isTrue();
  }

  @Test
  void shouldHoldTheEnginesClassArchiveWhenPackaged() {
    assertThat(JAR.resolveSibling("engine.jsa")).isNotEmptyFile();
  }

  @Test
  void shouldSeeASocketWhenThereIsOne() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      assertThat(networkSockets(ProcessHandle.current().pid())).as("%s", socket).isNotEmpty();
    }
  }

  @Test
  void shouldExitWithFourAndOneLineWhenTheModelIsHostile() throws Exception {
    Path junk = Files.write(directory.resolve("model.onnx"), new byte[] {(byte) 0xAC, (byte) 0xED});

    Ended ended = run("inspect", "--model", junk.toString());

    assertThat(ended.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(ended.out).isEmpty();
    assertThat(ended.err).hasLineCount(1).matches("(?s)espalier: [a-z-]+: .+");
  }

  @Test
  void shouldPrintOneDocumentWhenTheMachineIsInTheWay() throws Exception {
    Ended ended =
        run(
            List.of("-Djava.io.tmpdir=" + directory.resolve("gone")),
            "inspect",
            "--model",
            MODEL.toString(),
            "--json");

    assertThat(ended.exit).isEqualTo(ExitCode.FAILURE);
    assertThat(ended.err).hasLineCount(1);
    assertThat(ContractJson.mapper().readTree(ended.out).at("/reason/message").textValue())
        .contains("gone");
  }

  @Test
  void shouldScoreTheModelWhenEvaluating() throws Exception {
    Ended ended = run("evaluate", "--model", MODEL.toString(), "--data", data, "--json");

    assertThat(ended.exit).isZero();
    JsonNode document = ContractJson.mapper().readTree(ended.out);
    assertThat(document.fieldNames())
        .toIterable()
        .containsExactly("metric", "value", "samples", "correct", "perClass", "task");
    assertThat(document.get("samples").longValue()).isEqualTo(2_000);
    assertThat(document.get("perClass")).hasSize(FashionMnist.CLASSES);
  }

  @Test
  void shouldLeaveModelAndReportWhenTheGatePasses() throws Exception {
    Path out = directory.resolve("out");

    Ended ended = prune(out, "{name: light, target: {sparsity: 0.3}, gate: {max-drop: 0.2}}");

    assertThat(ended.exit).as(ended.err).isZero();
    assertThat(ended.err).contains("step 1/2").contains("step 2/2");
    JsonNode result = ContractJson.mapper().readTree(ended.out);
    assertThat(Schemas.modelResult().violations(result)).isEmpty();
    assertThat(result.at("/result/verdict").textValue()).isEqualTo("pruned");
    assertThat(out.resolve("model.onnx")).exists();
    assertThat(out.resolve("report.json")).exists();
    assertThat(
            run(
                    "prune",
                    "--model",
                    MODEL.toString(),
                    "--data",
                    data,
                    "--policy",
                    "gradual-90",
                    "--out",
                    out.toString())
                .exit)
        .as("results are not overwritten")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void shouldExitWithThreeAndLeaveOnlyTheReportWhenTheGateFails() throws Exception {
    Path out = directory.resolve("out");

    Ended ended = prune(out, "{name: brutal, target: {sparsity: 0.97}, gate: {max-drop: 0.01}}");

    assertThat(ended.exit).as(ended.err).isEqualTo(ExitCode.NOT_ACCEPTED);
    assertThat(ended.err).contains("espalier: gate-failed: ");
    assertThat(Schemas.modelResult().violations(ContractJson.mapper().readTree(ended.out)))
        .isEmpty();
    assertThat(out.resolve("report.json")).exists();
    assertThat(out.resolve("model.onnx")).doesNotExist();
  }

  private Ended prune(Path out, String policy) throws IOException, InterruptedException {
    ObjectNode values = ContractJson.mapper().valueToTree(PolicyReader.readYaml(policy));
    values.putObject("schedule").put("kind", "linear").put("steps", 2);
    Path file = Files.writeString(directory.resolve("policy.json"), values.toString());
    return run(
        "prune",
        "--model",
        MODEL.toString(),
        "--data",
        data,
        "--policy",
        file.toString(),
        "--out",
        out.toString(),
        "--json");
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return run(List.of(), arguments);
  }

  private Ended run(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    line.addAll(List.of("-jar", JAR.toString()));
    line.addAll(List.of(arguments));
    Path out = directory.resolve("stdout");
    Path err = directory.resolve("stderr");
    Process process =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    List<String> sockets = new ArrayList<>();
    while (!process.waitFor(Duration.ofMillis(20).toMillis(), TimeUnit.MILLISECONDS)) {
      sockets.addAll(networkSockets(process.pid()));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err), sockets);
  }

  /**
   * TCP and UDP sockets that a process has open at this moment, listening or not. The JVM's own
   * unnamed pair, with which it closes descriptors, is neither.
   */
  private static List<String> networkSockets(long pid) {
    List<String> open = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
        open.add(Files.readSymbolicLink(descriptor).toString());
      }
      open.retainAll(networkSocketsOfAll());
      return open;
    } catch (IOException | UncheckedIOException e) {
      // The process, or one of its descriptors, went away while it was looked at.
      return List.of();
    }
  }

  private static Set<String> networkSocketsOfAll() throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
      Path table = Path.of("/proc/net", protocol);
      if (Files.exists(table)) {
        Files.readAllLines(table).stream()
            .skip(1)
            .map(row -> "socket:[" + row.strip().split("\\s+", -1)[INODE_COLUMN] + "]")
            .forEach(sockets::add);
      }
    }
    return sockets;
  }

  private record Ended(int exit, String out, String err, List<String> sockets) {}
}
