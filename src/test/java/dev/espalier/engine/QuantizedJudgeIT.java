package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantised models and their archives, read by Python programs that share no code with ours. */
class QuantizedJudgeIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && start("-c", "import onnx").waitFor() == 0,
        "no Python with onnx");
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldPassTheCheckerAndDifferOnlyInItsWeightsWhenIntegersAreWritten() throws Exception {
    Path output = prune("int8");

    assertThat(
            python(
                "src/test/python/judge_quantized_onnx.py",
                bench.model.toString(),
                output.resolve("model.onnx").toString(),
                output.resolve("report.json").toString()))
        .contains("judge: valid; 3 tensors are integers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "int8", "codebook"})
  void shouldMakeTheSameFileAgainWhenAnotherProgramUnpacksTheArchive(String form) throws Exception {
    Path output = prune(form);
    Path unpacked = directory.resolve(form + ".unpacked");

    python(
        "src/test/python/unpack_sparse.py",
        output.resolve("model.sparse").toString(),
        unpacked.toString());

    assertThat(unpacked).hasSameBinaryContentAs(output.resolve("model.onnx"));
  }

  private static Path prune(String form) throws IOException {
    Policy policy = TestPolicies.like(Workbench.policy(0.8, 1, 1, 0.05, 0.1), "quantize: " + form);
    JobSpec spec = bench.prune(policy, form);
    try (Monitor monitor =
        new Monitor(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))) {
      Judged judged = (Judged) EngineMain.run(spec, monitor);
      assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    }
    return spec.workDirectory().resolve(JobSpec.OUTPUT);
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String python(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
