package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelResult.Layer.Changed;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels removed by whole jobs from really trained networks. */
class FilterJobTest {
  @TempDir private static Path directory;
  private static final Map<String, Path> MODELS = new HashMap<>();
  private static FilterBench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = new FilterBench(directory);
    FilterNetworks networks = FilterBench.NETWORKS;
    Map.of(
            "chain", networks.chain(),
            "residual", networks.residual(),
            "concatenation", networks.concatenation(),
            "separable", networks.separable(),
            "perceptron", networks.perceptron())
        .forEach(FilterJobTest::train);
  }

  private static void train(String name, Graph graph) {
    try {
      MODELS.put(name, bench.trained(graph, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chain", "residual", "concatenation", "separable", "perceptron"})
  void shouldWriteASmallerModelThatScoresWhatWasJudgedWhenChannelsGo(String name)
      throws IOException {
    Policy policy = FilterBench.policy("");
    JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, MODELS.get(name), policy, name + "-job");

    Judged judged = (Judged) FilterBench.run(spec);

    ModelResult.Result result = judged.result();
    assertThat(result.verdict()).as("%s", result.reason()).isEqualTo(Verdict.PRUNED);
    Path output = spec.workDirectory().resolve("output/model.onnx");
    Graph before = open(MODELS.get(name));
    Graph after = open(output);
    assertThat(result.sparsity()).isEqualTo(0.5, within(0.03));
    assertThat(result.parametersBefore()).isEqualTo(parameters(before));
    assertThat(result.parametersAfter()).isEqualTo(parameters(after));
    assertThat(result.parametersAfter()).isLessThan(result.parametersBefore());
    assertThat(result.macsAfter()).isLessThan(result.macsBefore());
    assertThat(result.nonZero()).isEqualTo(NonZero.count(after));
    assertThat(result.recovery()).isNull();
    assertThat(Files.size(output)).isLessThan(Files.size(MODELS.get(name)));
    assertShapesAre(result.layers(), before, after);
    EngineOutcome.Verified verified =
        (EngineOutcome.Verified)
            FilterBench.run(
                bench.spec(JobSpec.Operation.VERIFY, output, policy, name + "-verification"));
    assertThat(verified.value()).isEqualTo(judged.gate().pruned());
    assertThat(verified.nonZero()).isEqualTo(result.nonZero());
  }

  private static void assertShapesAre(List<ModelResult.Layer> layers, Graph before, Graph after) {
    assertThat(layers)
        .allSatisfy(
            layer -> {
              long[] was = before.initializers().get(layer.name()).shape();
              long[] is = after.initializers().get(layer.name()).shape();
              assertThat(layer.shapeBefore()).isEqualTo(boxed(was));
              assertThat(layer.shapeAfter()).isEqualTo(boxed(is));
              if (!Arrays.equals(was, is)) {
                assertThat(layer.changed()).isEqualTo(Changed.PRUNED);
              }
            });
  }

  @Test
  void shouldReachTheSameBitsWhenResumed() throws IOException {
    Policy policy = FilterBench.policy("");
    JobSpec whole = bench.spec(JobSpec.Operation.PRUNE, MODELS.get("residual"), policy, "whole");
    FilterBench.run(whole);
    JobSpec resumed =
        bench.spec(JobSpec.Operation.PRUNE, MODELS.get("residual"), policy, "resumed");
    Path checkpoint = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(checkpoint.getParent());
    Files.copy(whole.workDirectory().resolve("checkpoints/1.checkpoint"), checkpoint);

    Judged judged = (Judged) FilterBench.run(resumed);

    assertThat(judged.resumedFrom()).isEqualTo(1);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(whole.workDirectory().resolve("output/model.onnx"));
  }

  @Test
  void shouldFindTheMostChannelsThatPassWhenSearching() throws IOException {
    Policy policy =
        FilterBench.policy(
            "target: {sparsity: 0.3}, schedule: {kind: one-shot}, round-to: 4,"
                + " search: {enabled: true, resolution: 0.05, max-trials: 4}");

    Judged judged = run("concatenation", "search", policy);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().trajectory()).hasSizeGreaterThan(1);
    assertThat(judged.result().candidates())
        .extracting(ModelResult.Candidate::sparsity)
        .contains(judged.result().sparsity());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "magnitude",
        "filter-l1",
        "batch-norm-scale",
        "geometric-median",
        "taylor",
        "taylor-signed",
        "snip",
        "lamp",
        "random"
      })
  void shouldRemoveExactlyWhatIsAskedForByEveryCriterion(String criterion) throws IOException {
    Policy policy =
        FilterBench.policy(
            "criterion: %s, schedule: {kind: one-shot}, recover: {epochs: 0}".formatted(criterion)
                + ", gate: {max-drop: 0.9, min-size-reduction: 0, min-speedup: 0}");

    Judged judged = run("residual", criterion, policy);

    // block1a 8, block2a 16, block2b with shortcut 16; the stem is protected with block1b.
    assertThat(judged.result().deleted()).isEqualTo(20);
    assertThat(judged.result().parametersAfter()).isLessThan(judged.result().parametersBefore());
  }

  @Test
  void shouldRefuseByNameWhenTheCriterionFindsNothingToLookAt() throws IOException {
    EngineOutcome outcome =
        FilterBench.run(
            bench.spec(
                JobSpec.Operation.PRUNE,
                MODELS.get("perceptron"),
                FilterBench.policy("criterion: batch-norm-scale"),
                "no-norm"));

    EngineOutcome.Refused refused = (EngineOutcome.Refused) outcome;
    assertThat(refused.reason().code()).isEqualTo(ReasonCode.NOTHING_TO_PRUNE);
    assertThat(refused.reason().message()).contains("batch-norm-scale");
  }

  @Test
  void shouldRefuseWithReasonsWhenNoChannelMayGo() throws IOException {
    EngineOutcome outcome =
        FilterBench.run(
            bench.spec(
                JobSpec.Operation.PRUNE,
                MODELS.get("chain"),
                FilterBench.policy("exclude: [conv2, conv3, fc1]"),
                "nothing"));

    EngineOutcome.Refused refused = (EngineOutcome.Refused) outcome;
    assertThat(refused.reason().code()).isEqualTo(ReasonCode.NOTHING_TO_PRUNE);
    assertThat(refused.reason().message()).contains("conv1: it is a first layer", "exclude");
  }

  @Test
  void shouldSayWhichModelsHaveChannelsToRemove() throws IOException {
    EngineOutcome.Inspected inspected =
        (EngineOutcome.Inspected)
            FilterBench.run(
                bench.spec(JobSpec.Operation.INSPECT, MODELS.get("chain"), null, "inspection"));

    assertThat(inspected.supports().filters()).isTrue();
    assertThat(inspected.supports().reasons()).anyMatch(r -> r.startsWith("filters: conv1: "));
  }

  private static Judged run(String model, String work, Policy policy) throws IOException {
    EngineOutcome outcome =
        FilterBench.run(bench.spec(JobSpec.Operation.PRUNE, MODELS.get(model), policy, work));
    assertThat(outcome).isInstanceOf(Judged.class);
    return (Judged) outcome;
  }

  private static List<Long> boxed(long... shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  private static long parameters(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum();
  }

  private static Graph open(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph();
  }
}
