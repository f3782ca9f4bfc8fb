package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelResult.Layer.Changed;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
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

class PruningJobTest {
  @TempDir static Path directory;
  private static Workbench bench;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldWriteAModelThatHoldsWhatTheResultSaysWhenTheGatePasses() throws IOException {
    JobSpec spec = bench.prune(Workbench.policy(0.8, 3, 1, 0.05, 0.1), "passes");

    Judged judged = (Judged) run(spec);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    Path output = spec.workDirectory().resolve("output/model.onnx");
    Graph before = open(bench.model);
    Graph after = open(output);
    long prunable = before.prunable().stream().mapToLong(p -> before.tensor(p).size()).sum();
    long nonZero = after.prunable().stream().mapToLong(p -> NonZero.count(after, p)).sum();
    assertThat(judged.result().sparsity())
        .isEqualTo(1 - (double) nonZero / prunable, within(1e-12));
    assertThat(prunable - nonZero).isEqualTo((long) Math.ceil(0.8 * prunable));
    assertThat(judged.result().nonZero()).isEqualTo(NonZero.count(after));
    assertThat(judged.result().recovery()).isNull();
    assertThat(judged.result().macsBefore()).isEqualTo(32 * 96 + 96 * 48 + 48 * 4);
    assertThat(judged.result().macsAfter()).isEqualTo(judged.result().macsBefore());
    assertThat(judged.latency().repetitions()).isBetween(30, 100);
    assertThat(judged.latency().ratioBound()).isPositive();
    assertThat(judged.result().trajectory()).hasSize(3);
    assertThat(judged.gate().upperBound()).isLessThanOrEqualTo(0.05);
    assertThat(judged.gate().agreement().both()).isPositive();
    assertThat(judged.output().sha256()).isEqualTo(Digests.sha256(output));
    assertThat(judged.output().bytesZstd()).isLessThan(Files.size(bench.model) * 9 / 10);
    assertThat(judged.result().layers())
        .allSatisfy(
            layer -> {
              boolean differs =
                  !before
                      .initializers()
                      .get(layer.name())
                      .bytes()
                      .equals(after.initializers().get(layer.name()).bytes());
              assertThat(layer.changed() != Changed.NONE).isEqualTo(differs);
            });
    assertThat(spec.workDirectory().resolve("output")).isDirectoryContaining("glob:**/report.json");
  }

  @Test
  void shouldCountTheSameAgainWhenTheWrittenModelIsVerified() throws IOException {
    Policy policy = Workbench.policy(0.7, 1, 0, 0.2, 0);
    Judged judged = (Judged) run(bench.prune(policy, "verified"));
    Path output = directory.resolve("verified/output/model.onnx");

    EngineOutcome.Verified verified =
        (EngineOutcome.Verified)
            run(bench.spec(JobSpec.Operation.VERIFY, output, policy, "verification"));

    ModelResult.Gate gate = judged.gate();
    assertThat(verified.samples()).isEqualTo(gate.samples()).isEqualTo(1_000);
    assertThat(verified.value()).isEqualTo(gate.pruned());
    assertThat(judged.result().recovery()).contains("no epochs");
    assertThat(judged.result().layers())
        .extracting(ModelResult.Layer::changed)
        .containsOnly(Changed.PRUNED, Changed.NONE)
        .doesNotContain(Changed.RETRAINED);
  }

  @Test
  void shouldMakeTheSameFileAgainWhenTheArchiveIsUnpacked() throws IOException {
    Judged judged = (Judged) run(bench.prune(Workbench.policy(0.9, 1, 0, 0.9, 0), "archived"));
    Path archive = directory.resolve("archived/output/model.sparse");

    EngineOutcome.Unpacked unpacked =
        (EngineOutcome.Unpacked)
            run(bench.spec(JobSpec.Operation.UNPACK, archive, null, "unpacked"));

    assertThat(judged.output().archive().bytes()).isEqualTo(Files.size(archive));
    assertThat(judged.output().archive().bytes()).isLessThan(judged.output().bytesZstd());
    assertThat(unpacked.sha256()).isEqualTo(judged.output().sha256());
    assertThat(directory.resolve("unpacked/output/unpacked"))
        .hasSameBinaryContentAs(directory.resolve("archived/output/model.onnx"));
  }

  @Test
  void shouldRejectAndWriteNoModelWhenTooMuchIsRemoved() throws IOException {
    JobSpec spec = bench.prune(Workbench.policy(0.975, 1, 0, 0.02, 0.1), "rejected");

    Judged judged = (Judged) run(spec);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.result().reason().code()).isEqualTo(ReasonCode.GATE_FAILED);
    assertThat(judged.output()).isNull();
    assertThat(spec.workDirectory().resolve("output")).isDirectoryNotContaining("glob:**/model.*");
    assertThat(spec.workDirectory().resolve("output/report.json")).exists();
  }

  @Test
  void shouldSayNoBenefitWhenNothingWasRemoved() throws IOException {
    JobSpec spec = bench.prune(Workbench.policy(0, 1, 1, 0.05, 0.1), "control");

    Judged judged = (Judged) run(spec);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.NO_BENEFIT);
    assertThat(judged.result().deleted()).isZero();
    assertThat(judged.gate()).isNotNull();
    assertThat(spec.workDirectory().resolve("output")).isDirectoryNotContaining("glob:**/model.*");
  }

  @Test
  void shouldSayNoBenefitWhenTheModelIsNotAsMuchFasterAsAskedFor() throws IOException {
    String gate = "gate: {max-drop: 0.9, min-size-reduction: 0, min-speedup: 1000}";
    Policy policy = TestPolicies.policy("target: {sparsity: 0.5}, recover: {epochs: 0}, " + gate);

    Judged judged = (Judged) run(bench.prune(policy, "slow"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.NO_BENEFIT);
    assertThat(judged.result().reason().message()).contains("ms over").contains("min-speedup 1000");
    assertThat(judged.latency().repetitions()).isGreaterThanOrEqualTo(30);
    assertThat(judged.output()).isNull();
  }

  @Test
  void shouldRejectWhenAClassIsHarmedThoughTheMetricMayDrop() throws IOException {
    String gate = "gate: {max-drop: 0.9, min-size-reduction: 0, per-class-max-drop: 0.05}";
    Policy policy = TestPolicies.policy("target: {sparsity: 0.975}, recover: {epochs: 0}, " + gate);

    Judged judged = (Judged) run(bench.prune(policy, "harmed"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.result().reason().message()).contains("recall of class");
    assertThat(judged.gate().upperBound()).isLessThan(0.9);
    assertThat(judged.gate().classes()).hasSize(Workbench.CLASSES);
    assertThat(judged.gate().classes().stream().mapToLong(ClassDrop::samples).sum())
        .isEqualTo(judged.gate().samples());
  }

  @Test
  void shouldListClassesWhenNoneIsHarmed() throws IOException {
    String gate = "gate: {max-drop: 0.2, min-size-reduction: 0, per-class-max-drop: 0.05}";
    Policy policy = TestPolicies.policy("target: {sparsity: 0.1}, recover: {epochs: 0}, " + gate);

    Judged judged = (Judged) run(bench.prune(policy, "unharmed"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.gate().classes()).allMatch(found -> found.lowerBound() < 0.05);
  }

  @Test
  void shouldReachTheSameBitsWhenResumed() throws IOException {
    Policy policy = Workbench.policy(0.8, 4, 1, 0.05, 0.1);
    JobSpec whole = bench.prune(policy, "whole");
    JobSpec resumed = bench.prune(policy, "resumed");
    run(whole);
    for (int step = 1; step <= 2; step++) {
      String name = "checkpoints/" + step + ".checkpoint";
      Path target = resumed.workDirectory().resolve(name);
      Files.createDirectories(target.getParent());
      Files.copy(whole.workDirectory().resolve(name), target);
    }

    Judged judged = (Judged) run(resumed);

    assertThat(judged.resumedFrom()).isEqualTo(2);
    assertThat(judged.result().trajectory()).hasSize(4);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }

  @Test
  void shouldStartOverWhenTheCheckpointsAreAnotherPolicys() throws IOException {
    JobSpec first = bench.prune(Workbench.policy(0.5, 2, 0, 0.2, 0), "reused");
    run(first);

    Judged judged = (Judged) run(bench.prune(Workbench.policy(0.6, 2, 0, 0.2, 0), "reused"));

    assertThat(judged.resumedFrom()).isNull();
    assertThat(judged.result().sparsity()).isGreaterThanOrEqualTo(0.6);
  }

  @Test
  void shouldSurviveTheRoundTripThroughItsFile() throws IOException {
    Judged judged = (Judged) run(bench.prune(Workbench.policy(0.5, 1, 0, 0.2, 0), "round-trip"));
    byte[] json = ContractJson.mapper().writerFor(EngineOutcome.class).writeValueAsBytes(judged);

    assertThat(ContractJson.mapper().readValue(json, EngineOutcome.class)).isEqualTo(judged);
  }

  @Test
  void shouldTellWhatItDoesAsItDoesIt() throws IOException {
    run(bench.prune(Workbench.policy(0.5, 2, 1, 0.2, 0), "progress"));

    List<String> events =
        lines
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(l -> !l.contains("heartbeat"))
            .toList();
    assertThat(events)
        .contains(
            "{\"event\":\"stage\",\"stage\":\"LOAD\"}",
            "{\"event\":\"checkpoint\",\"step\":1,\"file\":\"1.checkpoint\"}",
            "{\"event\":\"checkpoint\",\"step\":2,\"file\":\"2.checkpoint\"}",
            "{\"event\":\"stage\",\"stage\":\"WRITE\"}");
    assertThat(events).anyMatch(l -> l.startsWith("{\"event\":\"advanced\",\"fraction\":0."));
  }

  @Test
  void shouldRefuseUpFrontWhenSamplesAreTooFew() throws IOException {
    EngineOutcome outcome = run(bench.prune(Workbench.policy(0.5, 1, 0, 0.002, 0), "few"));

    assertThat(((EngineOutcome.Refused) outcome).reason().code())
        .isEqualTo(ReasonCode.DATA_TOO_FEW);
  }

  @Test
  void shouldScoreTheWholeSetWhenEvaluating() throws IOException {
    EngineOutcome.Evaluated evaluated =
        (EngineOutcome.Evaluated)
            run(bench.spec(JobSpec.Operation.EVALUATE, bench.model, null, "evaluate"));

    assertThat(evaluated.metric()).isEqualTo(Metric.ACCURACY);
    assertThat(evaluated.samples()).isEqualTo(2_000);
    assertThat(evaluated.value()).isEqualTo(evaluated.correct() / 2_000.0).isBetween(0.85, 0.999);
    assertThat(evaluated.perClass()).hasSize(Workbench.CLASSES).allMatch(r -> r > 0.8);
  }

  @Test
  void shouldDescribeAModel() throws IOException {
    EngineOutcome.Inspected inspected =
        (EngineOutcome.Inspected)
            run(bench.spec(JobSpec.Operation.INSPECT, bench.model, null, "inspect"));

    assertThat(inspected.operators()).containsEntry("Gemm", 3).containsEntry("Relu", 2);
    assertThat(inspected.parameters()).isEqualTo(32 * 96 + 96 + 96 * 48 + 48 + 48 * 4 + 4);
    assertThat(inspected.supports().gradients()).isTrue();
    assertThat(inspected.supports().filters()).isTrue();
    assertThat(inspected.layers()).hasSize(6);
    assertThat(inspected.macs()).isEqualTo(32 * 96 + 96 * 48 + 48 * 4);
    assertThat(inspected.layers().get(0).macs()).isEqualTo(32 * 96);
  }

  private EngineOutcome run(JobSpec spec) {
    try (Monitor monitor = new Monitor(new PrintStream(lines, true, StandardCharsets.UTF_8))) {
      return EngineMain.run(spec, monitor);
    }
  }

  private static Graph open(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph();
  }
}
