package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientsTest {
  private static final Set<String> KERNELS = Set.of("conv1.weight", "fc1.weight", "fc2.weight");
  private static JsonNode fixture;
  private static Samples data;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in =
        GradientsTest.class.getResourceAsStream("/fixtures/gradients/inference.json")) {
      fixture = new ObjectMapper().readTree(in);
    }
    JsonNode y = fixture.get("y");
    long[] labels = IntStream.range(0, y.size()).mapToLong(i -> y.get(i).asLong()).toArray();
    data = new Samples(tensor(fixture.get("x")), Tensor.of(labels, labels.length));
  }

  /** 11 samples, so that the last batch is smaller at 4 and at 3. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 11, 64})
  void shouldGivePyTorchsGradientsInEvaluationModeWhateverTheBatch(int batch) {
    Set<String> names = new HashSet<>(KERNELS);
    names.addAll(Set.of("conv1.bias", "fc1.bias", "fc2.bias"));
    names.addAll(Set.of("bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias"));
    AtomicLong worked = new AtomicLong();

    Map<String, Tensor> gradients =
        new Gradients(Task.CLASSIFICATION, batch, 1)
            .average(graph(), names, data, all(), worked::addAndGet);

    assertThat(worked).hasValue(11);
    fixture
        .get("gradients")
        .properties()
        .forEach(
            expected ->
                assertThat(gradients.get(expected.getKey()).toFloats())
                    .as(expected.getKey())
                    .containsExactly(tensor(expected.getValue()).toFloats(), within(1e-4f)));
  }

  /**
   * The same at a batch of one are the squares per sample, of which Fisher information is the mean.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void shouldGiveTheRootOfPyTorchsMeanSquaresOverBatches(int batch) {
    Map<String, Tensor> roots =
        new Gradients(Task.CLASSIFICATION, batch, 1)
            .rootMeanSquare(graph(), KERNELS, data, all(), n -> {});

    assertThat(roots).hasSize(3);
    roots.forEach(
        (name, root) -> {
          float[] squares = tensor(fixture.at("/squares/" + batch).get(name)).toFloats();
          for (int i = 0; i < squares.length; i++) {
            assertThat((double) root.floats().get(i))
                .as(name)
                .isCloseTo(Math.sqrt(squares[i]), within(1e-4));
          }
        });
  }

  /** At a batch of 4 of 11 samples: what the gradients of each batch alone add up to. */
  @Test
  void shouldAddUpTheProductsOfEachBatchAtEachPositionOfEachAxis() {
    Graph graph = graph();
    Gradients gradients = new Gradients(Task.CLASSIFICATION, 4, 1);

    Map<String, List<Tensor>> products =
        gradients.axisProducts(graph, KERNELS, data, all(), n -> {});

    assertThat(products).hasSize(3);
    int[][] batches = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10}};
    for (int b = 0; b < batches.length; b++) {
      double root = Math.sqrt(batches[b].length / 11.0);
      Map<String, Tensor> alone = gradients.average(graph, KERNELS, data, batches[b], n -> {});
      for (String name : KERNELS) {
        Tensor weights = graph.initializers().get(name);
        for (int axis = 0; axis < weights.rank(); axis++) {
          double[] sums = sums(weights, alone.get(name), axis);
          Tensor found = products.get(name).get(axis);
          assertThat(found.shape()).containsExactly(3, sums.length);
          for (int p = 0; p < sums.length; p++) {
            assertThat(found.doubles().get(b * sums.length + p))
                .as("%s, axis %d, batch %d", name, axis, b)
                .isCloseTo(root * sums[p], within(1e-6));
          }
        }
      }
    }
  }

  private static double[] sums(Tensor weights, Tensor gradient, int axis) {
    double[] sums = new double[(int) weights.dimension(axis)];
    int inner = 1;
    for (int a = axis + 1; a < weights.rank(); a++) {
      inner *= (int) weights.dimension(a);
    }
    for (int i = 0; i < weights.size(); i++) {
      sums[i / inner % sums.length] += (double) weights.floats().get(i) * gradient.floats().get(i);
    }
    return sums;
  }

  @Test
  void shouldLeaveTheModelAsItIsAndRepeatItselfToTheBit() {
    Graph graph = graph();
    Map<String, Tensor> before = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> before.put(name, tensor.copy()));
    Gradients gradients = new Gradients(Task.CLASSIFICATION, 4, 1);

    Map<String, Tensor> first = gradients.average(graph, KERNELS, data, all(), n -> {});
    Map<String, Tensor> again = gradients.average(graph, KERNELS, data, all(), n -> {});

    assertThat(first).hasSize(3);
    first.forEach((name, g) -> assertThat(again.get(name).bytes()).isEqualTo(g.bytes()));
    before.forEach(
        (name, tensor) ->
            assertThat(graph.initializers().get(name).bytes()).isEqualTo(tensor.bytes()));
  }

  @Test
  void shouldReadStatisticsThroughAnotherShape() {
    Graph plain = graph();
    Map<String, Tensor> start = new LinkedHashMap<>(plain.initializers());
    Tensor mean = start.get("bn2.running_mean");
    Graph viewed =
        model(true).build(11).with(Map.of("bn2.running_mean", mean.reshaped(1, mean.size())));
    start.remove("bn2.running_mean");
    Gradients gradients = new Gradients(Task.CLASSIFICATION, 4, 1);

    assertThat(
            gradients
                .average(viewed.with(start), KERNELS, data, all(), n -> {})
                .get("conv1.weight")
                .toFloats())
        .containsExactly(
            gradients.average(plain, KERNELS, data, all(), n -> {}).get("conv1.weight").toFloats(),
            within(1e-7f));
  }

  @Test
  void shouldDrawWithoutReplacementAndBySeedAlone() {
    int[] from = IntStream.range(100, 200).toArray();

    int[] drawn = Gradients.draw(from, 30, 5);

    assertThat(drawn).hasSize(30).doesNotHaveDuplicates().isSorted();
    assertThat(IntStream.of(drawn)).allMatch(i -> i >= 100 && i < 200);
    assertThat(Gradients.draw(from, 30, 5)).isEqualTo(drawn);
    assertThat(Gradients.draw(from, 30, 6)).isNotEqualTo(drawn);
    assertThat(Gradients.draw(from, 1_000, 5)).isEqualTo(from);
    assertThat(from).isEqualTo(IntStream.range(100, 200).toArray());
  }

  @Test
  void shouldNameWhatHasNoGradient() {
    Graph graph = Models.of(6).dense("fc", 6, 3).then("Det").build();

    assertThat(Gradients.obstacles(graph, Task.CLASSIFICATION))
        .singleElement()
        .asString()
        .contains("Det");
  }

  @Test
  void shouldSayThatGradientsAreNotFiniteWhenAWeightOverflows() {
    Tensor huge = Tensor.of(new float[24], 3, 8);
    IntStream.range(0, 24).forEach(i -> huge.floats().put(i, i % 2 == 0 ? 3e38f : -3e38f));
    Graph graph = graph().with(Map.of("fc2.weight", huge));
    Gradients gradients = new Gradients(Task.CLASSIFICATION, 4, 1);

    assertThatThrownBy(() -> gradients.average(graph, KERNELS, data, all(), n -> {}))
        .isInstanceOf(GradientsNotFinite.class);
  }

  @Test
  void shouldRefuseWhenThereAreNoSamples() {
    Gradients gradients = new Gradients(Task.CLASSIFICATION, 4, 1);

    assertThatThrownBy(() -> gradients.average(graph(), KERNELS, data, new int[0], n -> {}))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason().code()).isEqualTo(ReasonCode.DATA_TOO_FEW));
  }

  private static int[] all() {
    return IntStream.range(0, data.samples()).toArray();
  }

  private static Graph graph() {
    Map<String, Tensor> start = new LinkedHashMap<>();
    fixture
        .get("parameters")
        .properties()
        .forEach(parameter -> start.put(parameter.getKey(), tensor(parameter.getValue())));
    return model(false).build(11).with(start);
  }

  private static Models model(boolean viewed) {
    Models model = Models.of(2, 6, 6).conv("conv1", Map.of(), 4, 2, 3, 3);
    normalise(model, "bn1", 4, "bn1.running_mean").then("Relu").then("Dropout").then("Flatten");
    model.dense("fc1", 64, 8);
    if (viewed) {
      model.view("bn2.running_mean", "bn2.mean");
    }
    return normalise(model, "bn2", 8, viewed ? "bn2.mean" : "bn2.running_mean")
        .then("Tanh")
        .then("Dropout", Map.of("ratio", new Attribute.Real(0.5f)))
        .dense("fc2", 8, 3);
  }

  private static Models normalise(Models model, String name, long channels, String mean) {
    for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
      model.parameter(name + "." + part, Parameter.Role.NORMALIZATION, 1, channels);
    }
    return model.then(
        "BatchNormalization", name + ".weight", name + ".bias", mean, name + ".running_var");
  }

  private static Tensor tensor(JsonNode json) {
    long[] shape =
        IntStream.range(0, json.get("shape").size())
            .mapToLong(i -> json.get("shape").get(i).asLong())
            .toArray();
    float[] values = new float[json.get("values").size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) json.get("values").get(i).asDouble();
    }
    return Tensor.of(values, shape);
  }
}
