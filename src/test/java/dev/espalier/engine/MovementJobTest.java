package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.EngineOutcome.Refused;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
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

/** A criterion that looks back on recovery. */
class MovementJobTest {
  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  private static Policy policy(String more) {
    return TestPolicies.like(Workbench.policy(0.6, 3, 1, 0.1, 0), "criterion: movement" + more);
  }

  private static EngineOutcome run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }

  @Test
  void shouldReachTheSameBitsWhenResumedWithTheMovementSoFar() throws IOException {
    JobSpec whole = bench.prune(policy(""), "whole");
    JobSpec resumed = bench.prune(policy(""), "resumed");
    Judged straight = (Judged) run(whole);
    Path target = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(target.getParent());
    Files.copy(whole.workDirectory().resolve("checkpoints/1.checkpoint"), target);

    Judged judged = (Judged) run(resumed);

    assertThat(straight.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(straight.result().sparsity()).isEqualTo(0.6, within(1e-3));
    assertThat(judged.resumedFrom()).isEqualTo(1);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }

  @Test
  void shouldSearchFromAHistoryWhenTrialsFail() throws IOException {
    Policy policy = policy(", search: {enabled: true, max-trials: 4}, gate: {max-drop: 0.02}");

    Judged judged = (Judged) run(bench.prune(policy, "search"));

    assertThat(judged.result().verdict()).isIn(Verdict.PRUNED, Verdict.REJECTED);
    assertThat(judged.result().trajectory()).extracting("failure").containsOnlyNulls();
  }

  @Test
  void shouldRefuseWhenThereIsNoRecoveryToLookBackOn() throws IOException {
    JobSpec spec = bench.prune(policy(""), "untrained");
    JobSpec without =
        new JobSpec(
            spec.operation(),
            spec.workDirectory(),
            spec.model(),
            spec.validation(),
            null,
            null,
            null,
            null,
            spec.policy(),
            null,
            false,
            1);

    Refused refused = (Refused) run(without);

    assertThat(refused.reason().code()).isEqualTo(ReasonCode.DATA_TOO_FEW);
    assertThat(refused.reason().message()).contains("movement", "training data");
  }
}
