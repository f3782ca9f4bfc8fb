package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradientJobTest {
  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldReachTheTargetWhenTaylorPrunes() throws IOException {
    Judged judged = (Judged) run(spec("taylor", policy(Criterion.TAYLOR, 0.7, 3, 1, 0.05)));

    ModelResult.Result result = judged.result();
    assertThat(result.verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(result.reason()).isNull();
    assertThat(result.sparsity()).isEqualTo(0.7, within(1e-3));
    assertThat(result.gradientSamples()).isEqualTo(512);
    assertThat(result.trajectory())
        .extracting(ModelResult.Step::criterion)
        .containsOnly(Criterion.TAYLOR);
  }

  @Test
  void shouldKeepMoreOfTheMetricThanTheControlWhenTaylorPrunesWithoutRecovery() throws IOException {
    Judged taylor = (Judged) run(spec("without", policy(Criterion.TAYLOR, 0.6, 1, 0, 0.9)));
    Judged random = (Judged) run(spec("control", policy(Criterion.RANDOM, 0.6, 1, 0, 0.9)));

    assertThat(taylor.gate().pruned()).isGreaterThan(random.gate().pruned() + 0.02);
    assertThat(random.result().gradientSamples()).isNull();
  }

  @Test
  void shouldShowTheShortfallWhenTooFewGradientsHaveTheSign() throws IOException {
    Judged judged = (Judged) run(spec("sign", policy(Criterion.GRADIENT_SIGN, 0.9, 1, 0, 0.9)));

    ModelResult.Step step = judged.result().trajectory().get(0);
    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().reason())
        .extracting(Reason::code)
        .isEqualTo(ReasonCode.TARGET_NOT_REACHED);
    assertThat(step.target()).isEqualTo(0.9);
    assertThat(step.sparsity()).isBetween(0.2, 0.8).isEqualTo(judged.result().sparsity());
  }

  @ParameterizedTest
  @CsvSource({"TAYLOR", "TAYLOR_SIGNED", "SNIP", "GRADIENT_SIGN"})
  void shouldReachTheSameBitsWhenResumed(Criterion criterion) throws IOException {
    Policy policy = policy(criterion, 0.5, 3, 1, 0.9);
    JobSpec whole = spec("whole-" + criterion, policy);
    JobSpec resumed = spec("resumed-" + criterion, policy);
    run(whole);
    Path target = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(target.getParent());
    Files.copy(whole.workDirectory().resolve("checkpoints/1.checkpoint"), target);

    Judged judged = (Judged) run(resumed);

    assertThat(judged.resumedFrom()).isEqualTo(1);
    assertThat(judged.result().gradientSamples()).isEqualTo(512);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }

  @Test
  void shouldUseTheSearchHalfWhenThereAreNoTrainingData() throws IOException {
    Policy policy = samples(policy(Criterion.TAYLOR, 0.5, 2, 0, 0.1), 5_000);
    JobSpec with = spec("untrained", policy);
    JobSpec without =
        new JobSpec(
            with.operation(),
            with.workDirectory(),
            with.model(),
            with.validation(),
            null,
            null,
            null,
            null,
            policy,
            null,
            false,
            1);

    Judged judged = (Judged) run(without);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().gradientSamples()).isEqualTo(1_000);
  }

  @Test
  void shouldRefuseBeforeAnyWorkWhenTheModelHasNoGradients() throws IOException {
    Graph graph = FormatDetector.open(bench.model, null, FormatLimits.defaults()).graph();
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                n ->
                    n.operator().equals("Relu")
                        ? new Node(n.name(), "Hardmax", n.inputs(), n.outputs(), n.attributes())
                        : n)
            .toList();
    Path model = directory.resolve("hard.onnx");
    Files.write(
        model,
        OnnxSerializer.serialize(
            new Graph(
                graph.opset(),
                graph.inputs(),
                graph.outputs(),
                nodes,
                graph.initializers(),
                graph.parameters())));
    Policy policy = policy(Criterion.SNIP, 0.5, 1, 0, 0.9);

    EngineOutcome outcome = run(bench.spec(JobSpec.Operation.PRUNE, model, policy, "hard"));

    Reason reason = ((EngineOutcome.Refused) outcome).reason();
    assertThat(reason.code()).isEqualTo(ReasonCode.OPERATOR_UNSUPPORTED);
    assertThat(reason.message()).contains("'snip'", "Hardmax");
    assertThat(directory.resolve("hard/checkpoints")).doesNotExist();
  }

  private static JobSpec spec(String work, Policy policy) throws IOException {
    return bench.prune(policy, work);
  }

  private static Policy policy(
      Criterion criterion, double sparsity, int steps, int epochs, double maxDrop) {
    Policy like = Workbench.policy(sparsity, steps, epochs, maxDrop, 0);
    return TestPolicies.like(
        like,
        "criterion: %s, schedule: {kind: linear, steps: %d}".formatted(criterion.wire(), steps));
  }

  private static Policy samples(Policy like, int gradientSamples) {
    return TestPolicies.like(like, "gradient-samples: " + gradientSamples);
  }

  private static EngineOutcome run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
