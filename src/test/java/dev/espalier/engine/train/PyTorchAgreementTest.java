package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchAgreementTest {
  private static final Offset<Float> TOLERANCE = within(1e-4f);

  private static JsonNode fixture(String name) throws IOException {
    try (InputStream in =
        PyTorchAgreementTest.class.getResourceAsStream("/fixtures/gradients/networks.json")) {
      for (JsonNode network : new ObjectMapper().readTree(in)) {
        if (network.get("name").asText().equals(name)) {
          return network;
        }
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static Graph graph(JsonNode fixture) {
    Graph graph = fixture.get("name").asText().equals("cnn") ? cnn() : mlp();
    Map<String, Tensor> start = new LinkedHashMap<>();
    fixture
        .get("parameters")
        .properties()
        .forEach(p -> start.put(p.getKey(), tensor(p.getValue())));
    return graph.with(start);
  }

  private static Graph cnn() {
    Attribute two = new Attribute.Ints(List.of(2L, 2L));
    Map<String, Attribute> pool = Map.of("kernel_shape", two, "strides", two);
    Attribute one = new Attribute.Ints(List.of(1L, 1L, 1L, 1L));
    return Models.of(2, 12, 13)
        .conv("conv1", Map.of("pads", one), 4, 2, 3, 3)
        .then("Relu")
        .then("MaxPool", pool)
        .conv("conv2", Map.of(), 6, 4, 3, 3)
        .then("Relu")
        .then("AveragePool", pool)
        .then("Flatten")
        .dense("fc1", 24, 8)
        .then("Sigmoid")
        .dense("fc2", 8, 5)
        .build();
  }

  private static Graph mlp() {
    return Models.of(6)
        .dense("fc1", 6, 7)
        .then("Tanh")
        .dense("fc2", 7, 7)
        .then("Sigmoid")
        .dense("fc3", 7, 4)
        .then("LogSoftmax")
        .build();
  }

  private static Tensor tensor(JsonNode json) {
    long[] shape =
        IntStream.range(0, json.get("shape").size())
            .mapToLong(i -> json.get("shape").get(i).asLong())
            .toArray();
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) json.get("values").get(i).asDouble());
    }
    return tensor;
  }

  private static Samples samples(JsonNode fixture) {
    JsonNode y = fixture.get("y");
    long[] labels = IntStream.range(0, y.size()).mapToLong(i -> y.get(i).asLong()).toArray();
    return new Samples(tensor(fixture.get("x")), Tensor.of(labels, labels.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "mlp"})
  void shouldGivePyTorchsLossAndGradientsWhenPlayed(String name) throws IOException {
    JsonNode fixture = fixture(name);
    Losses network = Losses.of(graph(fixture), samples(fixture));

    assertThat(network.loss()).isCloseTo(fixture.get("loss").asDouble(), within(1e-4));
    assertThat(network.logits().toFloats())
        .containsExactly(tensor(fixture.get("logits")).toFloats(), TOLERANCE);
    fixture
        .get("gradients")
        .properties()
        .forEach(
            gradient ->
                assertThat(network.parameter(gradient.getKey()).requiredGradient().toFloats())
                    .as(gradient.getKey())
                    .containsExactly(tensor(gradient.getValue()).toFloats(), TOLERANCE));
  }

  @ParameterizedTest
  @CsvSource({"cnn, ADAM, 0.01", "cnn, SGD, 0.05", "mlp, ADAM, 0.01", "mlp, SGD, 0.05"})
  void shouldFollowPyTorchsTrajectoryWhenUpdated(
      String name, Policy.Recover.Optimizer optimizer, double rate) throws IOException {
    JsonNode fixture = fixture(name);
    JsonNode expected = fixture.get(optimizer.name().toLowerCase(Locale.ROOT));
    Graph graph = graph(fixture);
    Samples data = samples(fixture);
    // All samples are one batch, so that their order does not matter.
    var settings =
        TestPolicies.recover(
            "epochs: %s, optimizer: %s, learning-rate: %s, batch: %s"
                .formatted(
                    expected.get("losses").size(),
                    optimizer.name().toLowerCase(Locale.ROOT),
                    rate,
                    data.samples()));

    Map<String, Tensor> weights;
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      weights = recovery.run(graph.initializers(), Map.of(), data, 1, n -> {});
    }

    expected
        .get("weights")
        .properties()
        .forEach(
            weight ->
                assertThat(weights.get(weight.getKey()).toFloats())
                    .as(weight.getKey())
                    .containsExactly(tensor(weight.getValue()).toFloats(), TOLERANCE));
  }
}
