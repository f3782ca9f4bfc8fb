package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.Policy.Recover.Optimizer;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks as PyTorch exports them ({@code src/test/python/make_network_fixtures.py}). */
class ExportedNetworksTest {
  private static final String FIXTURES = "/fixtures/networks/";

  @TempDir Path directory;

  private Graph graph(String name) throws IOException {
    Path file = directory.resolve("model");
    try (InputStream in = resource(name + ".onnx")) {
      Files.copy(in, file);
    }
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph();
  }

  private static InputStream resource(String name) {
    return ExportedNetworksTest.class.getResourceAsStream(FIXTURES + name);
  }

  private static JsonNode expected(String name) throws IOException {
    try (InputStream in = resource(name + ".json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static Tensor tensor(JsonNode json) {
    long[] shape = longs(json.get("shape"));
    if (json.path("type").asText().equals("INT64")) {
      return Tensor.of(longs(json.get("values")), shape);
    }
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) json.get("values").get(i).asDouble());
    }
    return tensor;
  }

  private static long[] longs(JsonNode json) {
    return StreamSupport.stream(json.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  private static Samples samples(JsonNode expected) {
    long[] y = longs(expected.get("y"));
    return new Samples(tensor(expected.get("x")), Tensor.of(y, y.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet",
        "mobilenet-v2",
        "mobilenet-v3",
        "densenet",
        "transformer",
        "transformer-tokens",
        "transformer-folded"
      })
  void shouldGivePyTorchsLossAndGradientsWhenPlayed(String name) throws IOException {
    JsonNode expected = expected(name);
    Graph graph = graph(name);
    assertThat(Trainability.obstacles(graph)).isEmpty();
    Losses network = Losses.of(graph, samples(expected));

    assertThat(network.loss()).isCloseTo(expected.get("loss").asDouble(), within(1e-4));

    int[] compared = {0};
    expected
        .get("gradients")
        .properties()
        .forEach(
            gradient -> {
              // Folding renames the weights it transposes.
              if (graph.initializers().containsKey(gradient.getKey())) {
                compared[0]++;
                Value parameter = network.parameter(gradient.getKey());
                assertClose(gradient.getKey(), parameter.requiredGradient(), gradient.getValue());
              }
            });
    int all = expected.get("gradients").size();
    assertThat(compared[0]).isGreaterThanOrEqualTo(name.endsWith("folded") ? all / 2 : all);
  }

  private static void assertClose(String name, Tensor actual, JsonNode json) {
    Tensor expected = tensor(json);
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    float[] a = actual.toFloats();
    float[] e = expected.toFloats();
    IntStream.range(0, a.length)
        .forEach(
            i ->
                assertThat(a[i])
                    .as("%s[%d]", name, i)
                    .isCloseTo(e[i], within(1e-4f * Math.max(1, Math.abs(e[i])))));
  }

  /** PyTorch estimates variances without bias, n/(n−1) times those that ONNX defines. */
  @ParameterizedTest
  @ValueSource(strings = {"resnet", "mobilenet-v2", "mobilenet-v3"})
  void shouldMoveRunningStatisticsWhenPlayed(String name) throws IOException {
    JsonNode expected = expected(name);
    Graph graph = graph(name);
    Losses network = Losses.of(graph, samples(expected));
    network.loss();

    assertThat(expected.get("statistics")).isNotEmpty();
    expected
        .get("statistics")
        .properties()
        .forEach(
            statistic -> {
              float[] actual = network.parameter(statistic.getKey()).data().toFloats();
              float[] theirs = tensor(statistic.getValue()).toFloats();
              float[] before = graph.initializers().get(statistic.getKey()).toFloats();
              assertThat(actual).as(statistic.getKey()).isNotEqualTo(before);
              // The smallest normalised images have 8 × 3 × 3 elements.
              double bias = statistic.getKey().endsWith("var") ? 1 / 71.0 : 0;
              for (int i = 0; i < actual.length; i++) {
                double batch = theirs[i] - 0.9 * before[i];
                assertThat((double) actual[i])
                    .as(statistic.getKey())
                    .isCloseTo(theirs[i], within(1e-5 + Math.abs(batch) * bias));
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "resnet, ADAM, 0.01",
    "resnet, SGD, 0.02",
    "mobilenet-v2, ADAM, 0.01",
    "mobilenet-v2, SGD, 0.02",
    "mobilenet-v3, ADAM, 0.01",
    "mobilenet-v3, SGD, 0.02",
    "densenet, ADAM, 0.01",
    "densenet, SGD, 0.02",
    "transformer, ADAM, 0.01",
    "transformer, SGD, 0.02",
    "transformer-tokens, ADAM, 0.01",
    "transformer-tokens, SGD, 0.02",
    "transformer-folded, ADAM, 0.01",
    "transformer-folded, SGD, 0.02"
  })
  void shouldFollowPyTorchsLossesWhenUpdated(String name, Optimizer optimizer, double rate)
      throws IOException {
    JsonNode expected = expected(name);
    Losses network = Losses.of(graph(name), samples(expected));

    double[] losses =
        network.update(
            TestPolicies.recover(
                "epochs: %s, optimizer: %s, learning-rate: %s, batch: %s"
                    .formatted(1, optimizer.name().toLowerCase(Locale.ROOT), rate, 8)),
            6);

    double[] theirs =
        LongStream.range(0, 6)
            .mapToDouble(
                i ->
                    expected.get(optimizer.name().toLowerCase(Locale.ROOT)).get((int) i).asDouble())
            .toArray();
    assertThat(losses).containsExactly(theirs, within(2e-3));
  }
}
