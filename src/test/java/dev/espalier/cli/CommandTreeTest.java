package dev.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Schemas;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is decided before any engine starts. */
class CommandTreeTest {
  private static final String JOB = "abcdefghijklmnopqrstuvwxyz";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String model = "";
  private String data = "";

  @BeforeEach
  void makeFiles() throws Exception {
    model = Files.writeString(directory.resolve("model.onnx"), "not read here").toString();
    data = Files.writeString(directory.resolve("data.npz"), "not read here").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cancel",
        "cancel not-a-job",
        "replay",
        "replay --job",
        "replay --job not-a-job",
        "redrive --reason no-such-code",
        "redrive --offset 3",
        "redrive --since yesterday",
        "redrive --limit 0",
        "redrive --dry-run --execute",
        "plan",
        "plan --model MODEL --data DATA",
        "plan --model MODEL --data DATA --policy gradual-90 --out OUT",
        "unpack x.sparse",
        "prune",
        "inspect",
        "inspect --model",
        "unpack",
        "unpack MODEL",
        "unpack MODEL --out MODEL",
        "inspect --model /no/such/file",
        "inspect --model /tmp",
        "inspect --model MODEL --also-onnx",
        "evaluate --model MODEL",
        "evaluate --model MODEL --data DATA --metric f2",
        "evaluate --model MODEL --data DATA --task clustering",
        "inspect --model MODEL --threads 0",
        "evaluate --model MODEL --data DATA --threads 257",
        "prune --model MODEL --data DATA --policy gradual-90 --out OUT --threads -1",
        "prune --model MODEL --data DATA --policy gradual-90 --out DIRECTORY --force",
        "prune --model MODEL --data DATA --policy gradual-90",
        "prune --model MODEL --data DATA --policy gradual-90 --out MODEL",
        "prune --model MODEL --data DATA --policy gradual-90 --out DIRECTORY"
      })
  void shouldExitWithTwoAndSayWhyWhenUsedWrongly(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.USAGE);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).startsWith("espalier: ").contains("--help");
  }

  @Test
  void shouldNameTheOptionWhenItIsNotBuilt() {
    run("inspect --model MODEL --also-onnx");

    assertThat(err.toString()).contains("--also-onnx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "prune --help",
        "plan --help",
        "evaluate --help",
        "inspect --help",
        "unpack --help",
        "serve --help",
        "cancel --help",
        "replay --help",
        "redrive --help"
      })
  void shouldExplainOnStandardOutputWhenAskedForHelp(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.DONE);

    assertThat(out.toString()).contains("Usage: espalier");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel " + JOB, "replay --job " + JOB + " " + JOB, "redrive --execute"})
  void shouldSayWhichSettingsAreNeededWhenNoWorkerIsConfigured(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).contains("ESPALIER_KAFKA_BOOTSTRAP_SERVERS");
  }

  @Test
  void shouldPrintTheBuildsVersionWhenAskedForIt() {
    assertThat(run("--version")).isEqualTo(ExitCode.DONE);

    assertThat(out.toString()).matches("espalier \\d+\\.\\d+\\.\\d+.*\\s+");
  }

  @Test
  void shouldRefuseWithItsCodeWhenThePolicyIsUnknown() throws Exception {
    int exit = run("prune --model MODEL --data DATA --policy gradual-91 --out OUT --json");

    assertThat(exit).isEqualTo(ExitCode.REFUSED);
    assertThat(err.toString()).startsWith("espalier: unknown-policy: ").hasLineCount(1);
    JsonNode result = ContractJson.mapper().readTree(out.toString());
    assertThat(Schemas.modelResult().violations(result)).isEmpty();
    assertThat(result.at("/result/verdict").textValue()).isEqualTo("refused");
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void shouldRefuseByNameWhenThePolicyContradictsItself() throws Exception {
    Path policy = directory.resolve("policy.yaml");
    Files.writeString(policy, "{name: x, round-to: 8}");

    int exit = run("prune --model MODEL --data DATA --out OUT --policy " + policy);

    assertThat(exit).isEqualTo(ExitCode.REFUSED);
    assertThat(err.toString()).startsWith("espalier: policy-invalid: ").contains("round-to");
  }

  @Test
  void shouldKeepTheJobsIdWhenTheSameContentIsPrunedAgain() throws Exception {
    run("prune --model MODEL --data DATA --policy no --out OUT --json");
    String first = ContractJson.mapper().readTree(out.toString()).at("/job/id").textValue();
    out.getBuffer().setLength(0);
    Path copy = Files.copy(Path.of(model), directory.resolve("copy.onnx"));
    run("prune --model " + copy + " --data DATA --policy no --out OUT --json");

    assertThat(ContractJson.mapper().readTree(out.toString()).at("/job/id").textValue())
        .isEqualTo(first);
  }

  private int run(String line) {
    String[] arguments =
        line.replace("MODEL", model)
            .replace("DATA", data)
            .replace("DIRECTORY", directory.toString())
            .replace("OUT", directory.resolve("out").toString())
            .split(" ", -1);
    CommandLine command = CommandTree.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
