package dev.espalier.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinalActivationTest {
  private static final Map<String, Tensor> CONSTANTS =
      Map.of(
          "low", Tensor.of(new float[] {1e-7f}),
          "high", Tensor.of(new float[] {1 - 1e-7f}),
          "half", Tensor.of(new float[] {0.5f}),
          "one", Tensor.of(new float[] {1}),
          "column", Tensor.of(new long[] {1}, 1),
          "w", Tensor.of(new float[] {1, 0, 0, 1}, 2, 2));

  /** A chain of "Operator:input:input" steps behind a dense layer; "@" is the layer's output. */
  private static Graph graph(String steps) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("n0", "MatMul", List.of("x", "w"), List.of("v0"), Map.of()));
    for (String step : steps.isEmpty() ? new String[0] : steps.split(" ")) {
      String[] parts = step.split(":");
      List<String> inputs = new ArrayList<>(List.of("v" + (nodes.size() - 1)));
      Arrays.stream(parts).skip(1).map(i -> i.equals("@") ? "v0" : i).forEach(inputs::add);
      Map<String, Attribute> cast =
          parts[0].equals("Cast")
              ? Map.of("to", new Attribute.Int(DataType.INT64.onnxCode()))
              : Map.of();
      List<String> outputs = List.of("v" + nodes.size());
      nodes.add(new Node("n" + nodes.size(), parts[0], inputs, outputs, cast));
    }
    ValueInfo in = new ValueInfo("x", DataType.FLOAT, List.of(-1L, 2L));
    ValueInfo out = new ValueInfo("v" + (nodes.size() - 1), DataType.FLOAT, List.of(-1L, 2L));
    return new Graph(17, List.of(in), List.of(out), nodes, CONSTANTS, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "'', RAW",
    "Sigmoid MatMul:w, RAW",
    "Sigmoid Mul:@, RAW",
    "Clip:low:high, RAW",
    "Transpose, RAW",
    "Sigmoid Clip:low:high, SIGMOID",
    "Sigmoid Clip, SIGMOID",
    "Sigmoid Transpose, SIGMOID",
    "Sigmoid Transpose Reshape:column, SIGMOID",
    "Sigmoid Gather:column, SIGMOID",
    "HardSigmoid Slice:column:column, SIGMOID",
    "Softmax Clip:low:high, SOFTMAX",
    "Softmax Transpose, SOFTMAX",
    "Softmax Gather:column, SIGMOID",
    "LogSoftmax Identity, LOG_SOFTMAX",
  })
  void shouldFindWhatTheNumbersAreBehindOperatorsThatLeaveThemAlone(String steps, Head.Kind kind) {
    Head head = Head.of(graph(steps));

    assertThat(head.unclear()).isNull();
    assertThat(head.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "Sigmoid Mul:one, Mul",
    "Sigmoid Clip:half:one, Clip",
    "Sigmoid Clip:low:x, Clip",
    "Sigmoid Cast, Cast",
    "Sigmoid Relu Transpose, Sigmoid",
    "Softmax Add:one, Add",
    "Softmax ArgMax, ArgMax",
    "ArgMax, ArgMax",
    "LogSoftmax Gather:column, Gather",
    "Sigmoid ReduceMean, ReduceMean",
  })
  void shouldRefuseClassesAndLabelsWhenTheMeaningIsUnclear(String steps, String named) {
    Head head = Head.of(graph(steps));

    for (Task task : new Task[] {Task.CLASSIFICATION, Task.MULTILABEL}) {
      assertThatThrownBy(() -> Yardstick.of(Metric.ACCURACY, task, head, 2))
          .hasMessageContaining("data-mismatch")
          .hasMessageContaining(named)
          .hasMessageContaining("export the model");
    }
    assertThat(Yardstick.of(Metric.RMSE, Task.REGRESSION, head, 2).head()).isEqualTo(head);
  }

  @Test
  void shouldNotTakeClippedProbabilitiesForLogits() {
    Head softmax = Head.of(graph("Softmax Clip:low:high"));
    Meter loss = Yardstick.of(Metric.LOSS, Task.CLASSIFICATION, softmax, 2).meter(1);
    loss.add(0, new float[] {0.25f, 0.75f}, new float[] {1});
    Head sigmoid = Head.of(graph("Sigmoid Clip:low:high"));
    Meter hits = Yardstick.of(Metric.ACCURACY, Task.CLASSIFICATION, sigmoid, 1).meter(1);
    hits.add(0, new float[] {0.25f}, new float[] {0});

    assertThat(loss.measurement().value()).isCloseTo(-Math.log(0.75), within(1e-6));
    assertThat(hits.measurement().value()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Softmax, ACCURACY",
    "LogSoftmax, ACCURACY",
    "Softmax, MACRO_F1",
    "Softmax Transpose, LOSS",
  })
  void shouldRefuseLabelsOfASoftmaxWhenTheMetricNeedsAThreshold(String steps, Metric metric) {
    Head head = Head.of(graph(steps));

    assertThatThrownBy(() -> Yardstick.of(metric, Task.MULTILABEL, head, 2))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("classification");
    assertThat(Yardstick.of(Metric.AUC, Task.MULTILABEL, head, 2).head()).isEqualTo(head);
  }

  @ParameterizedTest
  @CsvSource({
    "ACCURACY, 1 1 1 1, 0 1 0 1, class 1 for every",
    "MACRO_F1, 1 1 1 1, 0 1 0 1, class 1 for every",
    "LOSS, 1 0 1 0, 0 1 0 1, none of 4",
    "ACCURACY, 1 0 1 0, 0 1 0 1, none of 4",
  })
  void shouldRefuseAModelThatSaysTheSameOfAllOrIsNeverRight(
      Metric metric, String decisions, String targets, String message) {
    Variety variety = variety(metric, decisions, targets);

    assertThatThrownBy(variety::require)
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "ACCURACY, 1 1 1 1, 1 1 1 1",
    "ACCURACY, 1 1 1 0, 0 1 0 1",
    "AUC, 1 1 1 1, 0 1 0 1",
  })
  void shouldTakeAModelThatTellsSamplesApartAsFarAsTheMetricNeeds(
      Metric metric, String decisions, String targets) {
    assertThat(variety(metric, decisions, targets)).satisfies(Variety::require);
  }

  private static Variety variety(Metric metric, String decisions, String targets) {
    Yardstick yardstick =
        Yardstick.of(metric, Task.CLASSIFICATION, ScoredCase.head(Head.Kind.RAW), 1);
    Variety variety = new Variety(yardstick);
    String[] said = decisions.split(" ");
    String[] wanted = targets.split(" ");
    for (int i = 0; i < said.length; i++) {
      float logit = said[i].equals("1") ? 3 + i : -3 - i;
      variety.add(i, new float[] {logit}, new float[] {Float.parseFloat(wanted[i])});
    }
    return variety;
  }
}
