package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as its own process, killed and started again. */
class EngineMainIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldGoOnFromTheLastStepWhenKilledInTheMiddle() throws Exception {
    Policy policy = Workbench.policy(0.8, 6, 4, 0.05, 0.1);
    JobSpec killed = bench.prune(policy, "killed");
    JobSpec whole = bench.prune(policy, "undisturbed");
    Process first = start(file(killed));
    try (BufferedReader lines = first.inputReader(StandardCharsets.UTF_8)) {
      Progress progress = read(lines.readLine());
      while (!(progress instanceof Progress.CheckpointWritten)) {
        progress = read(lines.readLine());
      }
    }
    first.destroyForcibly().waitFor();
    assertThat(killed.workDirectory().resolve(JobSpec.OUTCOME_FILE)).doesNotExist();

    EngineOutcome.Judged resumed = (EngineOutcome.Judged) finish(start(file(killed)), killed);
    finish(start(file(whole)), whole);

    assertThat(resumed.resumedFrom()).isBetween(1, 5);
    assertThat(killed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }

  @Test
  void shouldWaitForAJobOnStandardInputWhenStartedAsASpare() throws Exception {
    JobSpec spec = bench.spec(JobSpec.Operation.INSPECT, bench.model, null, "spare");
    Process spare = start();
    List<Progress> told = new ArrayList<>();
    try (BufferedReader lines = spare.inputReader(StandardCharsets.UTF_8);
        OutputStream input = spare.getOutputStream()) {
      told.add(read(lines.readLine()));
      input.write((file(spec) + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
      lines.lines().map(EngineMainIT::read).forEach(told::add);
    }

    assertThat(told.get(0)).isEqualTo(new Progress.Ready());
    assertThat(told).contains(new Progress.StageStarted(Progress.Stage.LOAD));
    assertThat(outcome(spare, spec)).isInstanceOf(EngineOutcome.Inspected.class);
  }

  @Test
  void shouldEndItselfInTheMiddleWhenItsParentIsGone() throws Exception {
    JobSpec spec = bench.prune(Workbench.policy(0.8, 6, 4, 0.05, 0.1), "orphaned");
    Process engine = start();
    try (BufferedReader lines = engine.inputReader(StandardCharsets.UTF_8)) {
      try (OutputStream input = engine.getOutputStream()) {
        input.write((file(spec) + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        Progress progress = read(lines.readLine());
        while (!(progress instanceof Progress.StepFinished)) {
          progress = read(lines.readLine());
        }
      }
      assertThat(engine.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(engine.exitValue()).isNotZero();
    assertThat(spec.workDirectory().resolve(JobSpec.OUTCOME_FILE)).doesNotExist();
  }

  @Test
  void shouldLoadNothingOfTrainingWhenInspecting() throws Exception {
    JobSpec spec = bench.spec(JobSpec.Operation.INSPECT, bench.model, null, "inspected");
    Path loaded = directory.resolve("classes.log");

    finish(start(List.of("-Xlog:class+load:file=" + loaded), file(spec)), spec);

    assertThat(Files.readString(loaded))
        .contains(InspectJob.class.getName())
        .doesNotContain("org.nd4j.", "org.bytedeco.", "com.github.luben.zstd.");
  }

  @Test
  void shouldLeaveARefusalWhenTheModelIsNone() throws Exception {
    Path junk = Files.writeString(directory.resolve("junk"), "not a model");
    JobSpec spec = bench.spec(JobSpec.Operation.INSPECT, junk, null, "junk-work");

    assertThat(finish(start(file(spec)), spec)).isInstanceOf(EngineOutcome.Refused.class);
  }

  @Test
  void shouldExitWithoutAnOutcomeWhenThereIsNoJob() throws Exception {
    Process process = start(directory.resolve("missing.json").toString());

    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
  }

  private static String file(JobSpec spec) throws IOException {
    Path file = spec.workDirectory().resolve(JobSpec.FILE);
    return Files.write(file, ContractJson.mapper().writeValueAsBytes(spec)).toString();
  }

  private static Process start(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private static Process start(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.bytedeco.javacpp.platform.extension=");
    command.add("-Djdk.serialFilter=!*");
    command.addAll(options);
    command.add(EngineMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // By environment: ONNX Runtime 1.29 dies of command lines longer than a memory page.
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    builder.redirectError(directory.resolve("engine.log").toFile());
    return builder.start();
  }

  private static EngineOutcome finish(Process process, JobSpec spec) throws Exception {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.lines()).allSatisfy(EngineMainIT::read);
    }
    return outcome(process, spec);
  }

  private static EngineOutcome outcome(Process process, JobSpec spec) throws Exception {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    Path outcome = spec.workDirectory().resolve(JobSpec.OUTCOME_FILE);
    return ContractJson.mapper().readValue(outcome.toFile(), EngineOutcome.class);
  }

  private static Progress read(String line) {
    try {
      return ContractJson.mapper().readValue(line, Progress.class);
    } catch (IOException e) {
      throw new AssertionError("not a progress line: " + line, e);
    }
  }
}
