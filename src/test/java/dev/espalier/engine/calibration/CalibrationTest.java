package dev.espalier.engine.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.OnnxReader;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.WeightMatrix;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  private static final double PERCENT = 0.01;

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 256})
  void shouldSumTheSquaresThatFlowIntoEachWeightWhateverTheBatch(int perRun) throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    Calibration calibration = new Calibration(fixture.graph());
    List<Parameter> kernels = fixture.layers().stream().map(fixture::kernel).toList();

    List<DoubleBuffer> energies = fixture.run(calibration.energies(kernels), perRun);

    assertThat(kernels).hasSize(8);
    for (int k = 0; k < kernels.size(); k++) {
      double[] expected = CriterionFixture.numbers(fixture.layers().get(k).get("energies"));
      assertThat(byWeight(calibration.matrix(kernels.get(k)), energies.get(k)))
          .as(kernels.get(k).source())
          .usingElementComparator(CalibrationTest::compare)
          .containsExactly(expected);
    }
  }

  private static int compare(double a, double b) {
    return Math.abs(a - b) <= PERCENT / 100 * Math.max(Math.abs(b), 1e-9)
        ? 0
        : Double.compare(a, b);
  }

  private static double[] byWeight(WeightMatrix matrix, DoubleBuffer columns) {
    double[] values = new double[matrix.rows() * matrix.columns()];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        values[matrix.element(row, column)] =
            columns.get(matrix.group(row) * matrix.columns() + column);
      }
    }
    return values;
  }

  @Test
  void shouldHaveTheEnergiesOnTheDiagonalOfTheGramMatrixWhateverTheParts() throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    Calibration calibration = new Calibration(fixture.graph());
    for (JsonNode layer : fixture.layers()) {
      Parameter kernel = fixture.kernel(layer);
      WeightMatrix matrix = calibration.matrix(kernel);
      DoubleBuffer energies = fixture.run(calibration.energies(List.of(kernel)), 256).get(0);

      List<DoubleBuffer> grams = fixture.run(calibration.grams(kernel, 7), 256);

      assertThat(grams).hasSize((matrix.columns() + 6) / 7);
      for (int column = 0; column < matrix.columns(); column++) {
        int width = Math.min(7, matrix.columns() - column / 7 * 7);
        int diagonal = column % 7 * (width + 1);
        for (int group = 0; group < matrix.groups(); group++) {
          assertThat(grams.get(column / 7).get(group * width * width + diagonal))
              .isCloseTo(
                  energies.get(group * matrix.columns() + column), withinPercentage(PERCENT));
        }
      }
    }
  }

  @Test
  void shouldSeeTheInputsAndTheStatesOfRecurrentLayers() throws IOException {
    CriterionFixture fixture = CriterionFixture.read("states");
    Calibration calibration = new Calibration(fixture.graph());
    Map<String, List<JsonNode>> byTensor = new LinkedHashMap<>();
    for (JsonNode layer : fixture.layers()) {
      String[] names = layer.get("name").asText().split("\\.weight_");
      String slot = names[1].startsWith("ih") ? "ih" : "hh";
      byTensor.computeIfAbsent(names[0] + " " + slot, n -> new ArrayList<>()).add(layer);
    }
    for (Map.Entry<String, List<JsonNode>> expected : byTensor.entrySet()) {
      String[] place = expected.getKey().split(" ");
      Parameter kernel = recurrent(fixture.graph(), place[0], place[1].equals("ih") ? 1 : 2);
      WeightMatrix matrix = calibration.matrix(kernel);
      DoubleBuffer energies = fixture.run(calibration.energies(List.of(kernel)), 4).get(0);

      for (int row = 0; row < matrix.rows(); row++) {
        List<JsonNode> directions = expected.getValue();
        double[] columns =
            CriterionFixture.numbers(
                directions.get(row * directions.size() / matrix.rows()).get("columnEnergies"));
        for (int column = 0; column < matrix.columns(); column++) {
          assertThat(energies.get(matrix.group(row) * matrix.columns() + column))
              .as(expected.getKey())
              .isCloseTo(columns[column], withinPercentage(PERCENT));
        }
      }
    }
    assertThat(byTensor).hasSize(6);
  }

  private static Parameter recurrent(Graph graph, String layer, int slot) {
    Node node =
        graph.nodes().stream()
            .filter(n -> n.operator().equalsIgnoreCase(layer))
            .findFirst()
            .orElseThrow();
    return graph.prunable().stream()
        .filter(p -> p.tensor().equals(node.inputs().get(slot)))
        .findFirst()
        .orElseThrow();
  }

  /** Every kernel of networks as exporters write them, quantised and folded ones among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "networks/densenet",
        "networks/mobilenet-v2",
        "networks/mobilenet-v3",
        "networks/resnet",
        "networks/transformer",
        "networks/transformer-folded",
        "networks/transformer-tokens"
      })
  void shouldTellTheInputsOfEveryKernelWhenNetworksAreExported(String name) throws IOException {
    Path file = Path.of("src/test/resources/fixtures/" + name + ".onnx");
    Graph graph = OnnxReader.read(file, FormatLimits.defaults()).graph();
    Calibration calibration = new Calibration(graph);

    assertThat(graph.prunable()).isNotEmpty();
    for (Parameter kernel : graph.prunable()) {
      WeightMatrix matrix = calibration.matrix(kernel);
      assertThat((long) matrix.rows() * matrix.columns()).isEqualTo(graph.tensor(kernel).size());
    }
  }

  @Test
  void shouldFollowAKernelThatIsMovedBeforeItsUse() throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    JsonNode layer =
        fixture.layers().stream()
            .filter(l -> l.get("name").asText().equals("product"))
            .findFirst()
            .orElseThrow();
    Graph moved = withTransposed(fixture.graph(), "product");
    CriterionFixture other = new CriterionFixture(moved, fixture.json());
    Calibration calibration = new Calibration(moved);
    Parameter kernel = other.kernel(layer);

    DoubleBuffer energies = other.run(calibration.energies(List.of(kernel)), 256).get(0);

    double[] found = byWeight(calibration.matrix(kernel), energies);
    double[] expected = CriterionFixture.numbers(layer.get("energies"));
    int rows = (int) moved.tensor(kernel).dimension(0);
    int columns = found.length / rows;
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .isCloseTo(expected[i % columns * rows + i / columns], withinPercentage(PERCENT));
    }
  }

  /** The graph with a matrix stored the other way round and transposed where it is read. */
  private static Graph withTransposed(Graph graph, String name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(graph.initializers());
    Tensor tensor = tensors.get(name);
    int rows = (int) tensor.dimension(0);
    int columns = (int) tensor.dimension(1);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.floats().get(i % rows * columns + i / rows);
    }
    tensors.put(name, Tensor.of(values, columns, rows));
    List<Node> nodes = new ArrayList<>();
    Attribute order = new Attribute.Ints(List.of(1L, 0L));
    nodes.add(
        new Node("move", "Transpose", List.of(name), List.of("moved"), Map.of("perm", order)));
    for (Node node : graph.nodes()) {
      List<String> inputs = node.inputs().stream().map(n -> n.equals(name) ? "moved" : n).toList();
      nodes.add(new Node(node.name(), node.operator(), inputs, node.outputs(), node.attributes()));
    }
    return new Graph(
        graph.opset(), graph.inputs(), graph.outputs(), nodes, tensors, graph.parameters());
  }

  @Test
  void shouldNameTheNodeWhenTheInputsOfAKernelCannotBeTold() throws IOException {
    Graph graph = CriterionFixture.read("states").graph();
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                node -> {
                  Map<String, Attribute> attributes = new HashMap<>(node.attributes());
                  attributes.remove("linear_before_reset");
                  return new Node(
                      node.name(), node.operator(), node.inputs(), node.outputs(), attributes);
                })
            .toList();
    Graph other =
        new Graph(
            graph.opset(),
            graph.inputs(),
            graph.outputs(),
            nodes,
            graph.initializers(),
            graph.parameters());
    Parameter kernel = recurrent(other, "GRU", 2);

    assertThatThrownBy(() -> new Calibration(other).matrix(kernel))
        .isInstanceOf(Uncalibrated.class)
        .hasMessageContaining("'/gru/GRU' (GRU)");
  }
}
