package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchJobTest {
  private static final String SEARCH = "{enabled: true, resolution: 0.02, max-trials: 8}";

  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldGoBeyondTheScheduleAndProveWhatItFinds() throws IOException {
    Judged judged = run("beyond", policy(0.3, Criterion.MAGNITUDE, List.of(), 0.03));

    List<ModelResult.Step> steps = judged.result().trajectory();
    double best = best(steps);
    double rejected =
        steps.stream()
            .filter(step -> !step.accepted())
            .mapToDouble(ModelResult.Step::target)
            .min()
            .orElseThrow();
    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(steps).hasSizeGreaterThan(2);
    assertThat(best).isGreaterThan(0.3);
    assertThat(rejected - best).isBetween(0.0, 0.02);
    assertThat(judged.result().candidates())
        .hasSizeGreaterThan(1)
        .isSortedAccordingTo(Comparator.comparingDouble(ModelResult.Candidate::sparsity))
        .isSortedAccordingTo(Comparator.comparingLong(ModelResult.Candidate::bytes).reversed());
    assertThat(judged.result().candidates())
        .extracting(ModelResult.Candidate::sparsity)
        .contains(judged.result().sparsity());
    assertThat(judged.gate().upperBound()).isLessThanOrEqualTo(0.03);
    assertThat(judged.result().reason()).isNull();
  }

  @Test
  void shouldSayThatTheTargetWasNotReachedWhenOnlyLessPasses() throws IOException {
    Judged judged = run("below", policy(0.97, Criterion.MAGNITUDE, List.of(), 0.03));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().reason().code()).isEqualTo(ReasonCode.TARGET_NOT_REACHED);
    assertThat(judged.result().sparsity()).isBetween(0.2, 0.97);
  }

  @Test
  void shouldReachTheSameBitsWhenResumedInMidSearch() throws IOException {
    Policy policy = policy(0.97, Criterion.MAGNITUDE, List.of(), 0.03);
    Judged whole = run("whole", policy);
    int steps = whole.result().trajectory().size();
    for (int done = 1; done < steps; done++) {
      String work = "resumed-" + done;
      Path checkpoints = Files.createDirectories(directory.resolve(work).resolve("checkpoints"));
      for (int step = 1; step <= done; step++) {
        String name = step + ".checkpoint";
        Files.copy(directory.resolve("whole/checkpoints").resolve(name), checkpoints.resolve(name));
      }

      Judged resumed = run(work, policy);

      assertThat(resumed.resumedFrom()).isEqualTo(done);
      assertThat(resumed.output().sha256()).isEqualTo(whole.output().sha256());
    }
  }

  @Test
  void shouldFallBackWhenTheFirstCriterionFails() throws IOException {
    Policy searching =
        policy(0.6, Criterion.RANDOM, List.of(Criterion.LAMP, Criterion.MAGNITUDE), 0.03);
    Policy policy = TestPolicies.like(searching, "search: {enabled: false}");

    Judged judged = run("fallback", policy);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().trajectory())
        .extracting(ModelResult.Step::criterion)
        .containsExactly(Criterion.RANDOM, Criterion.LAMP);
  }

  /** The next version of a model: the search starts at what it found for the last one. */
  @Test
  void shouldTakeFewerTrialsAndFindTheSameWhenItStartsFromTheLastAcceptedSparsity()
      throws IOException {
    Policy policy =
        TestPolicies.like(
            policy(0.5, Criterion.MAGNITUDE, List.of(), 0.03), "schedule: {kind: cubic, steps: 4}");
    Judged cold = run("cold", policy);
    double found = best(cold.result().trajectory());
    JobSpec spec = bench.prune(policy, "warm").withWarmStart(found);
    Judged warm = run(spec);

    assertThat(warm.result().trajectory()).hasSizeLessThan(cold.result().trajectory().size());
    assertThat(best(warm.result().trajectory())).isCloseTo(found, within(0.02));
    assertThat(warm.engine().warmStart()).isEqualTo(found);
    assertThat(warm.engine().libraries())
        .containsKeys("java", "onnxruntime", "nd4j-native", "openblas", "protobuf-java", "zstd-jni")
        .containsEntry("nd4j-native", "1.0.0-M2.1");
    assertThat(cold.engine().warmStart()).isNull();
  }

  @Test
  void shouldNotSearchBeyondWhereAClassIsHarmed() throws IOException {
    Policy wide = policy(0.5, Criterion.MAGNITUDE, List.of(), 0.6);
    Policy floor =
        TestPolicies.like(
            wide, "gate: {max-drop: 0.6, per-class-max-drop: 0.1, min-size-reduction: 0}");

    Judged unguarded = run("unguarded", wide);
    Judged guarded = run("guarded", floor);

    List<ModelResult.Step> harmful =
        guarded.result().trajectory().stream().filter(step -> step.harmedClass() != null).toList();
    assertThat(harmful).isNotEmpty().noneMatch(ModelResult.Step::accepted);
    assertThat(harmful).anyMatch(step -> step.upperBound() < 0.6);
    assertThat(best(guarded.result().trajectory()))
        .isLessThan(best(unguarded.result().trajectory()));
    assertThat(guarded.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(guarded.gate().classes()).isNotEmpty();
  }

  @Test
  void shouldRejectWhenNothingPasses() throws IOException {
    Policy policy = policy(0.5, Criterion.RANDOM, List.of(), 0.004);
    Judged judged = run("nothing", policy);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.result().trajectory()).isNotEmpty().noneMatch(ModelResult.Step::accepted);
    assertThat(judged.result().candidates()).isEmpty();
  }

  @Test
  void shouldKeepWhatWasAcceptedWhenATrialDiverges() throws IOException {
    Policy like = policy(0.2, Criterion.MAGNITUDE, List.of(), 0.03);
    Judged calm = run("calm", like);
    Policy wild = diverging(like);

    Judged judged = run("wild", wild);

    assertThat(calm.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.result().trajectory())
        .isNotEmpty()
        .allSatisfy(
            step -> {
              assertThat(step.metric()).isNull();
              assertThat(step.failure()).contains("diverged");
              assertThat(step.accepted()).isFalse();
            });
    assertThat(judged.result().reason().message()).contains("diverged");
  }

  private static double best(List<ModelResult.Step> steps) {
    return steps.stream()
        .filter(ModelResult.Step::accepted)
        .mapToDouble(ModelResult.Step::target)
        .max()
        .orElseThrow();
  }

  private static Policy policy(
      double sparsity, Criterion criterion, List<Criterion> fallback, double maxDrop) {
    return TestPolicies.like(
        Workbench.policy(sparsity, 1, 0, maxDrop, 0),
        "criterion: %s, fallback: %s, search: %s"
            .formatted(criterion.wire(), fallback.stream().map(Criterion::wire).toList(), SEARCH));
  }

  /** A learning rate that no policy may have. */
  private static Policy diverging(Policy like) {
    ObjectNode fields = ContractJson.mapper().valueToTree(like);
    fields
        .withObject("recover")
        .put("epochs", 1)
        .put("optimizer", "sgd")
        .put("learning-rate", 1e30);
    return ContractJson.mapper().convertValue(fields, Policy.class);
  }

  private static Judged run(String work, Policy policy) throws IOException {
    return run(bench.prune(policy, work));
  }

  private static Judged run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return (Judged) EngineMain.run(spec, monitor);
    }
  }
}
