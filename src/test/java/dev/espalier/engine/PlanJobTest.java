package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.EngineOutcome.Planned;
import dev.espalier.contract.EngineOutcome.Refused;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyDigest;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanJobTest {
  private static final long WEIGHTS = 32 * 96 + 96 * 48 + 48 * 4;

  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldPlanWhatTheJobThenDoes() throws IOException {
    Policy policy = Workbench.policy(0.8, 3, 1, 0.05, 0.1);

    JobPlan plan = plan(policy, "planned");
    Judged judged = (Judged) run(bench.prune(policy, "done"));

    assertThat(plan.policy().digest()).isEqualTo(PolicyDigest.of(policy));
    assertThat(plan.policy()).isEqualTo(judged.policy());
    assertThat(plan.macs()).isEqualTo(judged.result().macsBefore()).isEqualTo(WEIGHTS);
    assertThat(plan.schedule()).hasSameSizeAs(judged.result().trajectory());
    for (int i = 0; i < plan.schedule().size(); i++) {
      assertThat(plan.schedule().get(i).removed())
          .isEqualTo(Math.round(judged.result().trajectory().get(i).sparsity() * WEIGHTS));
    }
    assertThat(plan.samples().verdict()).isEqualTo(judged.gate().samples());
    assertThat(plan.recovery()).isEqualTo(new JobPlan.Recovery(3_000L, 1, null));
    assertThat(plan.warnings()).isEmpty();
    assertThat(directory.resolve("planned/output")).doesNotExist();
    assertThat(directory.resolve("planned/checkpoints")).doesNotExist();
  }

  @Test
  void shouldSayWhatIsInScopeAndHowMuchOfItMayGo() throws IOException {
    Policy policy =
        TestPolicies.policy(
            "target: {sparsity: 0.95}, exclude: [fc3], minimum-kept: 0.1, gate: {max-drop: 0.05},"
                + " search: {enabled: true}");

    JobPlan plan = plan(policy, "scope");

    long inScope = 32 * 96 + 96 * 48;
    assertThat(plan.scope().unit()).isEqualTo("weights");
    assertThat(plan.scope().size()).isEqualTo(inScope);
    assertThat(plan.scope().most()).isEqualTo(inScope - 308 - 461);
    assertThat(plan.scope().tensors())
        .extracting(JobPlan.Tensor::inScope)
        .containsExactly(true, true, false);
    assertThat(plan.warnings()).anyMatch(w -> w.contains("let no more than " + (inScope - 769)));
  }

  @Test
  void shouldTellWhyThereIsNoRecoveryAndCostLessWithoutIt() throws IOException {
    JobPlan with = plan(Workbench.policy(0.8, 4, 2, 0.05, 0.1), "with");
    JobPlan without = plan(Workbench.policy(0.8, 4, 0, 0.05, 0.1), "without");

    assertThat(without.recovery().obstacle()).contains("no epochs");
    assertThat(without.cost().trainingRate()).isNull();
    assertThat(with.cost().trainingRate()).isPositive();
    // 2 epochs of 3,000 samples, three passes each, against 1,000 scored in a step.
    double most = WEIGHTS * (4 * (1_000.0 + 3 * 6_000) + 4_000);
    assertThat(with.cost().macs()).isEqualTo(most, within(1.0));
    assertThat(without.cost().macs()).isEqualTo(WEIGHTS * 8_000.0, within(1.0));
    assertThat(with.memory().estimatedBytes()).isGreaterThan(with.memory().measuredBytes());
  }

  @Test
  void shouldShowWhichLayersAreSensitive() throws IOException {
    List<JobPlan.Sensitivity> profile =
        plan(Workbench.policy(0.8, 1, 0, 0.05, 0.1), "sensitive").sensitivity();

    assertThat(profile).hasSize(9);
    assertThat(profile)
        .extracting(JobPlan.Sensitivity::part)
        .containsExactly("fc1", "fc1", "fc1", "fc2", "fc2", "fc2", "fc3", "fc3", "fc3");
    assertThat(profile.subList(0, 3))
        .extracting(JobPlan.Sensitivity::sparsity)
        .containsExactly(0.5, 0.8, 0.9);
    // Nine of ten inputs' weights gone cost more than every second.
    assertThat(profile.get(2).drop()).isGreaterThan(profile.get(0).drop());
    assertThat(profile.get(2).metric() + profile.get(2).drop())
        .isEqualTo(profile.get(0).metric() + profile.get(0).drop(), within(1e-9));
  }

  @Test
  void shouldRefuseWhatTheJobWouldBeRefusedFor() throws IOException {
    EngineOutcome outcome =
        run(
            bench.spec(
                JobSpec.Operation.PLAN,
                bench.model,
                Workbench.policy(0.5, 1, 0, 0.002, 0),
                "refused"));

    assertThat(((Refused) outcome).reason().code()).isEqualTo(ReasonCode.DATA_TOO_FEW);
  }

  @Test
  void shouldSurviveTheRoundTripThroughItsFile() throws IOException {
    Planned planned = new Planned(plan(Workbench.policy(0.5, 1, 1, 0.2, 0), "round-trip"));
    byte[] json = ContractJson.mapper().writerFor(EngineOutcome.class).writeValueAsBytes(planned);

    assertThat(ContractJson.mapper().readValue(json, EngineOutcome.class)).isEqualTo(planned);
  }

  private static JobPlan plan(Policy policy, String work) throws IOException {
    return ((Planned) run(bench.spec(JobSpec.Operation.PLAN, bench.model, policy, work))).plan();
  }

  private static EngineOutcome run(JobSpec spec) throws IOException {
    Files.createDirectories(spec.workDirectory());
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (Monitor monitor = new Monitor(new PrintStream(lines, true, StandardCharsets.UTF_8))) {
      return EngineMain.run(spec, monitor);
    }
  }
}
