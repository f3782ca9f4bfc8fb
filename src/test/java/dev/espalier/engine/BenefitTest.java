package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Sha256;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.scope.PruningScope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several candidates that keep the metric is taken. */
class BenefitTest {
  private static final String KERNEL = "fc1.weight";
  private static final double SAVED = 0.15;

  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldTakeTheSparsestWhenItMeetsTheConditions() throws IOException {
    Benefit.Found found = found("sparsest", policy(""), 0.5, 0.6, 0.7);

    assertThat(found.loss()).isNull();
    assertThat(zeros(found)).isEqualTo(share(0.7));
    assertThat(found.output().file()).exists();
  }

  /** Sparsity counts zeros, and files need not shrink in step with it. */
  @Test
  void shouldTakeTheNextSparsestThatIsSmallEnoughWhenTheSparsestIsNot() throws IOException {
    Benefit.Found found = found("next", policy(""), 0.5, 0.6, 0.01);

    assertThat(found.loss()).isNull();
    assertThat(zeros(found)).isEqualTo(share(0.6));
    assertThat(found.output().file()).exists();
    assertThat(found.output().sizes().zstd())
        .isLessThan((long) ((1 - SAVED) * found.output().bytesBefore()));
  }

  @Test
  void shouldSayWhatTheSparsestMissesWhenNoneMeetsTheConditions() throws IOException {
    Benefit.Found found = found("none", policy(""), 0.01, 0.02, 0.03);

    assertThat(found.loss().code()).isEqualTo(ReasonCode.NO_BENEFIT);
    assertThat(found.loss().message()).contains("min-size-reduction");
    assertThat(zeros(found)).isEqualTo(share(0.03));
    assertThat(found.latency()).isNotNull();
    assertThat(found.output().file()).doesNotExist();
  }

  @Test
  void shouldSayThatTheSparsestIsTooSlowWhenAllAre() throws IOException {
    Benefit.Found found = found("slow", policy(", min-speedup: 1000"), 0.5, 0.6, 0.7);

    assertThat(found.loss().message()).contains("min-speedup 1000");
    assertThat(zeros(found)).isEqualTo(share(0.7));
  }

  private static Policy policy(String gate) {
    return TestPolicies.like(
        Workbench.policy(0.5, 1, 0, 0.05, SAVED),
        "search: {enabled: true}, gate: {min-size-reduction: %s%s}".formatted(SAVED, gate));
  }

  /** Candidates whose first kernel has lost a share of its weights, said to be ever sparser. */
  private static Benefit.Found found(String work, Policy policy, double... shares)
      throws IOException {
    JobSpec spec = bench.prune(policy, work);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere);
        Inputs inputs = Inputs.load(spec, monitor)) {
      Graph graph = inputs.model().graph();
      PruningScope scope = PruningScope.of(graph, policy);
      Checkpoints checkpoints =
          new Checkpoints(directory.resolve(work).resolve("checkpoints"), Sha256.of(new byte[0]));
      Candidate start = Steps.start(graph, scope);
      List<ModelResult.Step> steps = new ArrayList<>();
      Candidate last = start;
      for (double share : shares) {
        int step = steps.size() + 1;
        steps.add(accepted(step));
        Map<String, Tensor> weights = new LinkedHashMap<>(start.weights());
        weights.put(KERNEL, without(share, start.weights().get(KERNEL)));
        last = new Candidate(step, start.masks(), weights, steps);
        checkpoints.write(last);
      }
      Deployment deployment = Deployment.of(inputs.model(), policy, scope);
      FixedSequence sequence = new FixedSequence(graph, deployment, null, policy, checkpoints);
      List<FixedSequence.Tested> passed =
          Stream.iterate(steps.size(), i -> i - 1)
              .limit(steps.size())
              .map(i -> new FixedSequence.Tested(steps.get(i - 1), kept()))
              .toList();
      return new Benefit(
              inputs.model(),
              sequence,
              new RunCost(inputs, policy, 1, monitor),
              policy,
              OutputFile.directory(spec),
              monitor)
          .find(last, passed)
          .orElseThrow();
    }
  }

  private static ModelResult.Step accepted(int step) {
    double sparsity = step / 10.0;
    return new ModelResult.Step(
        step, Policy.Criterion.MAGNITUDE, sparsity, sparsity, 0.9, 0.0, 0.0, true, null, 1, null);
  }

  private static Comparison kept() {
    return new Comparison(0.9, 0.9, 0, 0, 0.05, "tango", null, null, 1_000);
  }

  private static Tensor without(double share, Tensor kernel) {
    Tensor copy = kernel.copy();
    for (int i = 0; i < share * copy.size(); i++) {
      copy.floats().put(i, 0);
    }
    return copy;
  }

  private static long share(double share) {
    return (long) Math.ceil(share * Workbench.INPUTS * 96);
  }

  private static long zeros(Benefit.Found found) {
    Tensor kernel = found.pruned().initializers().get(KERNEL);
    long zeros = 0;
    for (int i = 0; i < kernel.size(); i++) {
      zeros += kernel.floats().get(i) == 0 ? 1 : 0;
    }
    return zeros;
  }
}
