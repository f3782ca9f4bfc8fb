package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome.Evaluated;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.EngineOutcome.Refused;
import dev.espalier.contract.EngineOutcome.Verified;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Task;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole jobs on models that are trained for each task. */
class TaskJobsTest {
  private static final String POLICY =
      """
      name: small
      target: {sparsity: 0.5}
      schedule: {kind: linear, steps: 2}
      recover: {epochs: 2, learning-rate: 0.002, batch: 64}
      gate: {metric: %s, max-drop: %s, drop-type: %s, min-size-reduction: 0.05}
      """;

  private static final String RUINOUS =
      """
      name: ruinous
      target: {sparsity: 0.97}
      schedule: {kind: one-shot}
      recover: {epochs: 0}
      gate: {metric: accuracy, max-drop: 0.05, min-size-reduction: 0.05}
      """;

  @TempDir static Path shared;
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "REGRESSION, rmse, 0.3, relative",
    "REGRESSION, mae, 0.3, relative",
    "REGRESSION, loss, 0.05, absolute",
    "REGRESSION, r2, 0.05, absolute",
    "MULTILABEL, macro-f1, 0.05, absolute",
    "MULTILABEL, auc, 0.05, absolute",
    "MULTILABEL, accuracy, 0.08, absolute",
    "CLASSIFICATION, auc, 0.05, absolute",
    "CLASSIFICATION, loss, 0.5, relative",
    "CLASSIFICATION, accuracy, 0.05, relative",
  })
  void shouldPruneAndGateByEachMetric(Task task, String metric, String drop, String type)
      throws IOException {
    TaskBench bench = TaskBench.of(shared, task);

    Judged judged = (Judged) run(bench.spec(prune(metric, drop, type), directory, null));

    assertThat(judged.result().verdict()).as("%s", judged).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().task()).isEqualTo(task);
    ModelResult.Gate gate = judged.gate();
    assertThat(gate.direction()).isEqualTo(gate.metric().direction());
    assertThat(gate.tolerance().type()).isEqualTo(type);
    assertThat(gate.drop()).isEqualTo(gate.metric().drop(gate.baseline(), gate.pruned()));
    assertThat(gate.upperBound()).isGreaterThan(gate.drop());
    assertThat(gate.agreement() != null).isEqualTo(metric.equals("accuracy"));
    assertThat(verified(bench, judged, metric, drop, type).value()).isEqualTo(gate.pruned());
  }

  private Verified verified(TaskBench bench, Judged judged, String metric, String drop, String type)
      throws IOException {
    Path model = directory.resolve(JobSpec.OUTPUT).resolve("model.onnx");
    assertThat(judged.output()).isNotNull();
    JobSpec again = bench.spec(prune(metric, drop, type), directory, null);
    return (Verified) run(TaskBench.with(again, JobSpec.Operation.VERIFY, model, null));
  }

  @ParameterizedTest
  @CsvSource({"REGRESSION, rmse", "MULTILABEL, accuracy", "CLASSIFICATION, accuracy"})
  void shouldEvaluateByTheUsualMetricWhenNoneIsNamed(Task task, String usual) throws IOException {
    Evaluated found = evaluate(task, null, null);

    assertThat(found.metric().wire()).isEqualTo(usual);
    assertThat(found.task()).isEqualTo(task);
    assertThat(found.correct() != null).isEqualTo(task == Task.CLASSIFICATION);
    assertThat(found.perClass() != null).isEqualTo(task == Task.CLASSIFICATION);
  }

  @Test
  void shouldCountHitsAsWellWhenClassesAreScoredByAnotherMetric() throws IOException {
    Evaluated found = evaluate(Task.CLASSIFICATION, null, Metric.AUC);

    assertThat(found.value()).isBetween(0.8, 1.0);
    assertThat(found.correct()).isGreaterThan(found.samples() / 2);
    assertThat(found.perClass()).hasSize(2);
  }

  @Test
  void shouldNameTheMetricsOfTheTaskWhenThePolicysIsNone() throws IOException {
    JobSpec spec =
        TaskBench.of(shared, Task.REGRESSION)
            .spec(prune("accuracy", "0.01", "absolute"), directory, null);

    Reason reason = ((Refused) run(spec)).reason();

    assertThat(reason.code()).isEqualTo(ReasonCode.POLICY_INVALID);
    assertThat(reason.message()).contains("regression", "rmse");
  }

  @Test
  void shouldCountSamplesForAShareOfTheBaselineWhenTheToleranceIsRelative() throws IOException {
    TaskBench bench = TaskBench.of(shared, Task.CLASSIFICATION);
    // 800 verdict samples show a drop of 0.00375 at best, but not that share of a real baseline.
    JobSpec spec = bench.spec(prune("accuracy", "0.00375", "relative"), directory, null);
    Policy absolute = prune("accuracy", "0.00375", "absolute");
    Path other = directory.resolve("absolute");

    assertThat(run(bench.spec(absolute, other, null))).isInstanceOf(Judged.class);
    Reason reason = ((Refused) run(spec)).reason();

    assertThat(reason.code()).isEqualTo(ReasonCode.DATA_TOO_FEW);
    assertThat(reason.message()).contains("800 verdict samples").doesNotContain("0.00375");
    assertThat(directory.resolve(JobSpec.CHECKPOINTS)).doesNotExist();
  }

  @Test
  void shouldRefuseWhenTheDeclaredTaskIsNotWhatTheTargetsMean() throws IOException {
    JobSpec spec = TaskBench.of(shared, Task.REGRESSION).spec(null, directory, Task.CLASSIFICATION);

    Object outcome = run(TaskBench.with(spec, JobSpec.Operation.EVALUATE, spec.model(), null));

    assertThat(((Refused) outcome).reason().code()).isEqualTo(ReasonCode.LABELS_INVALID);
  }

  @Test
  void shouldScoreClassesAsNumbersWhenRegressionIsDeclared() throws IOException {
    Evaluated found = evaluate(Task.CLASSIFICATION, Task.REGRESSION, null);

    assertThat(found.metric()).isEqualTo(Metric.RMSE);
  }

  private Evaluated evaluate(Task bench, @Nullable Task declared, @Nullable Metric metric)
      throws IOException {
    TaskBench trained = TaskBench.of(shared, bench);
    JobSpec spec = trained.spec(null, directory, declared);
    return (Evaluated) run(TaskBench.with(spec, JobSpec.Operation.EVALUATE, spec.model(), metric));
  }

  /** Thresholded at 0, a clipped probability is class 1 always, and any pruned model as good. */
  @Test
  void shouldRejectWhenPruningRuinsProbabilitiesThatAreClipped() throws IOException {
    Path model = altered(node("Sigmoid", "p", "y"), node("Clip", "clipped", "p", "low", "high"));

    Judged judged = (Judged) run(RUINOUS, model);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(judged.gate().baseline()).isGreaterThan(0.8);
  }

  @Test
  void shouldRefuseWhenItCannotBeToldWhatTheOutputIs() throws IOException {
    Path model = altered(node("Sigmoid", "p", "y"), node("Mul", "scaled", "p", "low"));

    Reason reason = ((Refused) run(RUINOUS, model)).reason();

    assertThat(reason.code()).isEqualTo(ReasonCode.DATA_MISMATCH);
    assertThat(reason.message()).contains("Mul", "export the model");
  }

  @Test
  void shouldRefuseAModelThatSaysTheSameOfEverySample() throws IOException {
    Path model = altered(node("Exp", "positive", "y"));

    Reason reason = ((Refused) run(RUINOUS, model)).reason();

    assertThat(reason.code()).isEqualTo(ReasonCode.DATA_MISMATCH);
    assertThat(reason.message()).contains("class 1 for every sample");
  }

  private static Node node(String operator, String output, String... inputs) {
    return new Node(output, operator, List.of(inputs), List.of(output), Map.of());
  }

  /** The trained classifier with more nodes behind its logit. */
  private Path altered(Node... more) throws IOException {
    Path trained = TaskBench.of(shared, Task.CLASSIFICATION).model();
    Graph graph = FormatDetector.open(trained, null, FormatLimits.defaults()).graph();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.addAll(List.of(more));
    Map<String, Tensor> tensors = new LinkedHashMap<>(graph.initializers());
    tensors.put("low", Tensor.of(new float[] {1e-6f}));
    tensors.put("high", Tensor.of(new float[] {1 - 1e-6f}));
    String last = nodes.get(nodes.size() - 1).name();
    ValueInfo output = new ValueInfo(last, DataType.FLOAT, graph.outputs().get(0).dimensions());
    Path model = directory.resolve("altered.onnx");
    Files.write(
        model,
        OnnxSerializer.serialize(
            new Graph(
                graph.opset(),
                graph.inputs(),
                List.of(output),
                nodes,
                tensors,
                graph.parameters())));
    return model;
  }

  private Object run(String policy, Path model) throws IOException {
    JobSpec spec =
        TaskBench.of(shared, Task.CLASSIFICATION)
            .spec(PolicyReader.readYaml(policy), directory, null);
    return run(TaskBench.with(spec, JobSpec.Operation.PRUNE, model, null));
  }

  private static Policy prune(String metric, String drop, String type) {
    return PolicyReader.readYaml(POLICY.formatted(metric, drop, type));
  }

  private static Object run(JobSpec spec) throws IOException {
    Files.createDirectories(spec.workDirectory());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
