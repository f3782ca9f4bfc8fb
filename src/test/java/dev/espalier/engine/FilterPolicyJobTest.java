package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which channels a policy lets go, in whole jobs without recovery. */
class FilterPolicyJobTest {
  private static final String UNJUDGED =
      "recover: {epochs: 0}, gate: {max-drop: 0.9, min-size-reduction: 0, min-speedup: 0}";

  @TempDir private static Path directory;
  private static FilterBench bench;
  private static Path chain;

  @BeforeAll
  static void train() throws IOException {
    bench = new FilterBench(directory);
    chain = bench.trained(FilterBench.NETWORKS.chain(), "chain");
  }

  @Test
  void shouldProtectFirstAndLastLayer() throws IOException {
    Judged judged = run("protected", FilterBench.policy(UNJUDGED));

    assertThat(layer(judged, "conv1.weight").shapeAfter()).containsExactly(8L, 1L, 3L, 3L);
    assertThat(layer(judged, "fc2.weight").shapeAfter().get(0)).isEqualTo(4L);
    assertThat(layer(judged, "conv2.weight").shapeAfter().get(1)).isEqualTo(8L);
    assertThat(layer(judged, "conv2.weight").shapeAfter().get(0)).isLessThan(16L);
  }

  @Test
  void shouldRemoveAFractionOfTheChannelsThatMayGo() throws IOException {
    Judged judged = run("fraction", FilterBench.policy("schedule: {kind: one-shot}, " + UNJUDGED));

    // conv2 16, conv3 16, fc1 32
    assertThat(judged.result().deleted()).isEqualTo(32);
    assertThat(judged.result().sparsity()).isEqualTo(0.5);
    long gone =
        List.of("conv2.weight", "conv3.weight", "fc1.weight").stream()
            .map(name -> layer(judged, name))
            .mapToLong(layer -> layer.shapeBefore().get(0) - layer.shapeAfter().get(0))
            .sum();
    assertThat(gone).isEqualTo(32);
  }

  @Test
  void shouldLeaveTwoChannelsOfEachGroupWhenNearlyAllMayGo() throws IOException {
    // 2 of conv2's 16, of conv3's 16 and of fc1's 32 stay.
    Judged judged =
        run("two", FilterBench.policy("minimum-kept: 0, target: {delete: 58}, " + UNJUDGED));

    assertThat(judged.result().deleted()).isEqualTo(58);
    assertThat(
            List.of("conv2.weight", "conv3.weight", "fc1.weight").stream()
                .map(name -> layer(judged, name).shapeAfter().get(0)))
        .containsExactly(2L, 2L, 2L);
    assertThat(judged.output()).isNotNull();
  }

  @Test
  void shouldRemoveACountOfChannels() throws IOException {
    Judged judged = run("count", FilterBench.policy("target: {delete: 7}, " + UNJUDGED));

    assertThat(judged.result().deleted()).isEqualTo(7);
    assertThat(judged.result().sparsity()).isEqualTo(7 / 64.0);
  }

  @Test
  void shouldKeepMultiplesAndSayByHowMuchTheTargetWasMissed() throws IOException {
    Policy policy =
        FilterBench.policy(
            "round-to: 8, target: {sparsity: 0.4}, schedule: {kind: one-shot}, " + UNJUDGED);

    Judged judged = run("rounded", policy);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    for (String name : List.of("conv2.weight", "conv3.weight", "fc1.weight")) {
      assertThat(layer(judged, name).shapeAfter().get(0) % 8).isZero();
    }
    // 26 of 64 are asked for, three times 8 fit.
    assertThat(judged.result().deleted()).isEqualTo(24);
    assertThat(judged.result().reason().code()).isEqualTo(ReasonCode.TARGET_NOT_REACHED);
    assertThat(judged.result().reason().message()).contains("multiples of 8", "0.3750");
  }

  @Test
  void shouldKeepTheMinimumOfEveryGroup() throws IOException {
    Policy policy = FilterBench.policy("minimum-kept: 0.3, target: {sparsity: 0.65}, " + UNJUDGED);

    Judged judged = run("minimum", policy);

    assertThat(layer(judged, "conv2.weight").shapeAfter().get(0)).isGreaterThanOrEqualTo(5);
    assertThat(layer(judged, "conv3.weight").shapeAfter().get(0)).isGreaterThanOrEqualTo(5);
    assertThat(layer(judged, "fc1.weight").shapeAfter().get(0)).isGreaterThanOrEqualTo(10);
    assertThat(judged.result().deleted()).isEqualTo(42);
  }

  @Test
  void shouldLeaveExcludedLayersTheirFilters() throws IOException {
    Judged judged = run("excluded", FilterBench.policy("exclude: ['^conv2$'], " + UNJUDGED));

    assertThat(layer(judged, "conv2.weight").shapeAfter()).containsExactly(16L, 8L, 3L, 3L);
    assertThat(layer(judged, "conv3.weight").shapeAfter().get(0)).isLessThan(16L);
  }

  /** Without the fallback, the criterion before it would have been judged just so. */
  @Test
  void shouldJudgeWhatTheFirstCriterionLeftWhenItsFallbackHasNothingToLookAt() throws IOException {
    Path unnormalised = bench.trained(FilterBench.NETWORKS.perceptron(), "perceptron");
    String policy =
        "criterion: random, fallback: [%s], target: {sparsity: 0.8}, recover: {epochs: 0},"
            + " gate: {max-drop: 0.01}";

    Judged judged =
        (Judged)
            FilterBench.run(
                bench.spec(
                    JobSpec.Operation.PRUNE,
                    unnormalised,
                    FilterBench.policy(policy.formatted("batch-norm-scale")),
                    "unusable"));

    List<ModelResult.Step> steps = judged.result().trajectory();
    assertThat(steps)
        .extracting(ModelResult.Step::criterion)
        .containsExactly(
            Policy.Criterion.RANDOM, Policy.Criterion.RANDOM, Policy.Criterion.BATCH_NORM_SCALE);
    assertThat(steps.get(2).failure()).contains("batch-norm-scale", "nothing to look at");
    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.gate().drop()).isGreaterThan(0.01);
    assertThat(judged.result().reason().message()).contains("above max-drop");
    assertThat(judged.result().sparsity()).isEqualTo(steps.get(1).sparsity());
  }

  @Test
  void shouldRefuseACriterionOfItsOwnThatHasNothingToLookAt() throws IOException {
    Path unnormalised = bench.trained(FilterBench.NETWORKS.perceptron(), "unnormalised");

    EngineOutcome outcome =
        FilterBench.run(
            bench.spec(
                JobSpec.Operation.PRUNE,
                unnormalised,
                FilterBench.policy("criterion: batch-norm-scale"),
                "refused"));

    assertThat(outcome).isInstanceOf(EngineOutcome.Refused.class);
    assertThat(((EngineOutcome.Refused) outcome).reason().code())
        .isEqualTo(ReasonCode.NOTHING_TO_PRUNE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "codebook"})
  void shouldQuantiseWhatIsLeftOfTheChannels(String form) throws IOException {
    Judged judged = run("then-" + form, FilterBench.policy("quantize: " + form + ", " + UNJUDGED));

    assertThat(judged.result().verdict()).as(judged.toString()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().deleted()).isEqualTo(32);
    assertThat(layer(judged, "conv2.weight").shapeAfter().get(0)).isLessThan(16L);
    assertThat(judged.output()).isNotNull();
  }

  @Test
  void shouldReportHowSensitiveEachGroupOfChannelsIs() throws IOException {
    Judged judged = run("sensitive", FilterBench.policy(UNJUDGED));

    assertThat(judged.sensitivity())
        .extracting(JobPlan.Sensitivity::part)
        .contains("conv2", "conv3", "fc1")
        .doesNotContain("conv1", "fc2");
    assertThat(judged.sensitivity()).anyMatch(point -> point.drop() > 0);
  }

  private static Judged run(String work, Policy policy) throws IOException {
    EngineOutcome outcome =
        FilterBench.run(bench.spec(JobSpec.Operation.PRUNE, chain, policy, work));
    assertThat(outcome).isInstanceOf(Judged.class);
    return (Judged) outcome;
  }

  private static ModelResult.Layer layer(Judged judged, String name) {
    return judged.result().layers().stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
