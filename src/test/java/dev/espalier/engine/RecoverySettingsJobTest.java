package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole job whose recovery does all that it can. */
class RecoverySettingsJobTest {
  private static final Policy POLICY =
      TestPolicies.like(
          Workbench.policy(0.8, 2, 1, 0.1, 0),
          """
          recover: {epochs: 4, learning-rate: 0.002, batch: 64, early-stop: 1, optimizer: adamw,
            learning-rate-schedule: cosine, clip-norm: 1, distill: {temperature: 4, weight: 0.5}}
          """);

  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  private static Judged run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return (Judged) EngineMain.run(spec, monitor);
    }
  }

  @Test
  void shouldReachTheSameBitsWhenResumed() throws IOException {
    JobSpec whole = bench.prune(POLICY, "whole");
    JobSpec resumed = bench.prune(POLICY, "resumed");
    Judged straight = run(whole);
    Path target = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(target.getParent());
    Files.copy(whole.workDirectory().resolve("checkpoints/1.checkpoint"), target);

    Judged judged = run(resumed);

    assertThat(straight.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.resumedFrom()).isEqualTo(1);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }
}
