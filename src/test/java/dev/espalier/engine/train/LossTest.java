package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {

  /** A loss that PyTorch computed. */
  record Case(JsonNode json) {
    /**
     * A model that adds a trained tensor to its input, which is zero: the values are the tensor and
     * so is their gradient.
     */
    Losses network() {
      Tensor values = tensor(json.get("values"));
      long[] sample = Arrays.copyOfRange(values.shape(), 1, values.rank());
      Models model =
          Models.of(sample)
              .parameter("values", Parameter.Role.OTHER, 0, values.shape())
              .then("Add", "values");
      String head = json.get("head").asText();
      Graph graph = (head.isEmpty() ? model : model.then(head)).build();
      Samples data =
          new Samples(Tensor.zeros(DataType.FLOAT, values.shape()), tensor(json.get("targets")));
      Task task = Task.of(json.get("task").asText());
      return Losses.of(graph.with(Map.of("values", values)), task, data);
    }

    private static Tensor tensor(JsonNode json) {
      double[] values =
          IntStream.range(0, json.get("values").size())
              .mapToDouble(i -> json.get("values").get(i).asDouble())
              .toArray();
      long[] shape =
          IntStream.range(0, json.get("shape").size())
              .mapToLong(i -> json.get("shape").get(i).asLong())
              .toArray();
      if (json.get("integers").asBoolean()) {
        return Tensor.of(Arrays.stream(values).mapToLong(v -> (long) v).toArray(), shape);
      }
      Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
      IntStream.range(0, values.length).forEach(i -> tensor.floats().put(i, (float) values[i]));
      return tensor;
    }

    @Override
    public String toString() {
      return json.get("name").asText();
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream in = LossTest.class.getResourceAsStream("/fixtures/gradients/losses.json")) {
      JsonNode all = new ObjectMapper().readTree(in);
      return StreamSupport.stream(all.spliterator(), false).map(Case::new);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldBePyTorchsWhenEvaluated(Case loss) {
    Losses network = loss.network();

    assertThat(network.loss())
        .isCloseTo(loss.json().get("loss").asDouble(), withinPercentage(1e-3));
    assertThat(network.parameter("values").requiredGradient().toFloats())
        .containsExactly(Case.tensor(loss.json().get("gradient")).toFloats(), within(1e-5f));
  }

  /** As of segmentation by models whose channels come last. */
  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"MULTILABEL", "CLASSIFICATION"})
  void shouldBeTheSameWhenAnswersAreMovedAfterTheSigmoid(Task task) {
    Map<String, Attribute> last = Map.of("perm", new Attribute.Ints(List.of(0L, 2L, 3L, 1L)));
    Map<String, Attribute> bounds =
        Map.of("min", new Attribute.Real(1e-7f), "max", new Attribute.Real(1 - 1e-7f));
    int classes = task == Task.CLASSIFICATION ? 6 : 3;
    Models before = answers(task, classes).then("Transpose", last).then("Sigmoid");
    Models after =
        answers(task, classes).then("Sigmoid").then("Clip", bounds).then("Transpose", last);
    Random random = new Random(5);
    Tensor x = Models.normal(random, 1, 4, 2, task == Task.CLASSIFICATION ? 1 : 3, 1);
    Tensor y =
        task == Task.CLASSIFICATION
            ? Tensor.of(new long[] {0, 5, 2, 3}, 4)
            : Models.normal(random, 0.2, 4, 9);
    Losses expected = Losses.of(before.build(10), task, new Samples(x, y));
    Losses moved = Losses.of(after.build(10), task, new Samples(x, y));

    assertThat(moved.loss()).isEqualTo(expected.loss());
    assertThat(moved.parameter("conv.weight").requiredGradient().toFloats())
        .isEqualTo(expected.parameter("conv.weight").requiredGradient().toFloats())
        .doesNotContain(0f);
  }

  private static Models answers(Task task, int channels) {
    long rows = task == Task.CLASSIFICATION ? 1 : 3;
    return Models.of(2, rows, 1).conv("conv", Map.of(), channels, 2, 1, 1);
  }

  @Test
  void shouldRefuseTargetsWhenTheyDoNotFitTheModel() {
    Tensor x = Tensor.zeros(DataType.FLOAT, 2, 3);
    Graph column = Models.of(3).dense("fc", 3, 1).then("Sigmoid").build();
    Graph numbers = Models.of(3).dense("fc", 3, 2).build();
    Losses third = Losses.of(column, new Samples(x, Tensor.of(new long[] {0, 2}, 2)));
    Losses narrow =
        Losses.of(numbers, Task.REGRESSION, new Samples(x, Tensor.zeros(DataType.FLOAT, 2, 1)));

    assertThatThrownBy(third::loss)
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason().code()).isEqualTo(ReasonCode.LABELS_INVALID));
    assertThatThrownBy(narrow::loss)
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason().code()).isEqualTo(ReasonCode.DATA_MISMATCH));
  }
}
