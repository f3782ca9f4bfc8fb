package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose criterion looks at what flows into the layers. */
class LayerInputJobTest {
  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "wanda, global",
    "wanda, layer",
    "wanda, erk",
    "obs, global",
    "obs, layer",
    "obs, erk"
  })
  void shouldReachTheTargetExactlyWhateverTheScope(String criterion, String scope)
      throws IOException {
    Policy policy = policy(criterion, 0.6, 2, 1);

    Judged judged = run("scope-" + criterion + scope, TestPolicies.like(policy, "scope: " + scope));

    ModelResult.Result result = judged.result();
    assertThat(result.verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(result.reason()).isNull();
    assertThat(result.sparsity()).isEqualTo(0.6, within(1.0 / 7_872));
    assertThat(result.gradientSamples()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wanda", "obs"})
  void shouldReachTheSameBitsWhenResumed(String criterion) throws IOException {
    Policy policy = policy(criterion, 0.6, 3, 1);
    run("whole-" + criterion, policy);
    JobSpec resumed = bench.prune(policy, "resumed-" + criterion);
    Path target = resumed.workDirectory().resolve("checkpoints/1.checkpoint");
    Files.createDirectories(target.getParent());
    Files.copy(directory.resolve("whole-" + criterion + "/checkpoints/1.checkpoint"), target);

    Judged judged = (Judged) run(resumed);

    assertThat(judged.resumedFrom()).isEqualTo(1);
    assertThat(resumed.workDirectory().resolve("output/model.onnx"))
        .hasSameBinaryContentAs(directory.resolve("whole-" + criterion + "/output/model.onnx"));
  }

  @Test
  void shouldKeepMoreOfTheMetricThanMagnitudeWhenWeightsAreReconstructedWithoutRecovery()
      throws IOException {
    double magnitude = metric("magnitude");

    assertThat(metric("obs")).isGreaterThan(magnitude + 0.02);
    assertThat(metric("wanda")).isGreaterThan(metric("random") + 0.1);
  }

  private static double metric(String criterion) throws IOException {
    return run("alone-" + criterion, policy(criterion, 0.8, 1, 0)).gate().pruned();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wanda", "obs"})
  void shouldRefuseBeforeAnyWorkWhenTheInputsOfALayerCannotBeTold(String criterion)
      throws IOException {
    Path model = directory.resolve(criterion + "-sum.onnx");
    Files.write(model, OnnxSerializer.serialize(summing(bench.model)));

    EngineOutcome outcome =
        run(
            bench.spec(
                JobSpec.Operation.PRUNE, model, policy(criterion, 0.5, 1, 0), "no-" + criterion));

    Reason reason = ((EngineOutcome.Refused) outcome).reason();
    assertThat(reason.code()).isEqualTo(ReasonCode.OPERATOR_UNSUPPORTED);
    assertThat(reason.message()).contains("'" + criterion + "'", "'fc1'", "Einsum");
  }

  /** The first layer as an Einsum and its bias. */
  private static Graph summing(Path file) throws IOException {
    Graph graph = FormatDetector.open(file, null, FormatLimits.defaults()).graph();
    Map<String, Tensor> tensors = new LinkedHashMap<>(graph.initializers());
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.inputs().contains("fc1.weight")) {
        Attribute equation = new Attribute.Text("nk,km->nm");
        nodes.add(
            new Node(
                "sum",
                "Einsum",
                node.inputs().subList(0, 2),
                List.of("sum"),
                Map.of("equation", equation)));
        nodes.add(
            new Node("add", "Add", List.of("sum", node.inputs().get(2)), node.outputs(), Map.of()));
      } else {
        nodes.add(node);
      }
    }
    return new Graph(
        graph.opset(), graph.inputs(), graph.outputs(), nodes, tensors, graph.parameters());
  }

  private static Policy policy(String criterion, double sparsity, int steps, int epochs) {
    return TestPolicies.like(
        Workbench.policy(sparsity, steps, epochs, 0.9, 0), "criterion: " + criterion);
  }

  private static Judged run(String work, Policy policy) throws IOException {
    return (Judged) run(bench.prune(policy, work));
  }

  private static EngineOutcome run(JobSpec spec) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
