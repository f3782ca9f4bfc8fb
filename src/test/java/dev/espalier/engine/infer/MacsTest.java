package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.train.StaticShapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MacsTest {
  private static final String FIXTURES = "/fixtures/onnx/";

  static Stream<Arguments> exported() throws IOException {
    try (InputStream in = MacsTest.class.getResourceAsStream(FIXTURES + "macs.json")) {
      return new ObjectMapper()
          .readTree(in).properties().stream()
              .filter(entry -> !entry.getValue().isNull())
              .map(entry -> Arguments.of(entry.getKey(), entry.getValue().asLong()));
    }
  }

  @ParameterizedTest
  @MethodSource("exported")
  void shouldCountAsAnIndependentCountDoesWhenTheModelRuns(String name, long expected)
      throws Exception {
    Graph graph = open(name);

    assertThat(Macs.of(graph, ValueShapes.of(graph, new Zeros(graph), 1)))
        .get()
        .extracting(Macs::total)
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "autoencoder-13",
    "channels-last",
    "gru-14",
    "lstm-12",
    "mobile-fixed-batch",
    "residual-7",
    "residual-17",
    "sparse",
    "transformer-16",
    "two-inputs-15"
  })
  void shouldCountTheSameWithoutRunningTheModel(String name) throws Exception {
    Graph graph = open(name);

    assertThat(Macs.of(graph, StaticShapes.of(graph).shapes()))
        .isPresent()
        .isEqualTo(Macs.of(graph, ValueShapes.of(graph, new Zeros(graph), 1)));
  }

  @Test
  void shouldSayWhichWeightsTheCountsBelongTo() {
    Graph graph =
        new Graph(
            17,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 4L, 8L, 8L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, 3L))),
            List.of(
                node(
                    "Conv",
                    List.of("x", "depthwise"),
                    "a",
                    Map.of(
                        "group",
                        new Attribute.Int(4),
                        "strides",
                        new Attribute.Ints(List.of(2L, 2L)))),
                node("Conv", List.of("a", "pointwise"), "b", Map.of()),
                node("Flatten", List.of("b"), "c", Map.of()),
                node("Transpose", List.of("dense"), "t", Map.of()),
                node("MatMul", List.of("c", "t"), "y", Map.of())),
            Map.of(
                "depthwise", Tensor.zeros(DataType.FLOAT, 4, 1, 2, 2),
                "pointwise", Tensor.zeros(DataType.FLOAT, 5, 4, 1, 1),
                "dense", Tensor.zeros(DataType.FLOAT, 3, 80)),
            List.of(kernel("depthwise"), kernel("pointwise"), kernel("dense")));

    Macs macs = Macs.of(graph, StaticShapes.of(graph).shapes()).orElseThrow();

    // 4 x 4 places: 4 channels of 4 taps, then 5 outputs of 4 inputs, then 80 times 3.
    assertThat(macs.byTensor())
        .containsExactly(
            Map.entry("depthwise", 16 * 4 * 4L),
            Map.entry("pointwise", 16 * 5 * 4L),
            Map.entry("dense", 240L));
    assertThat(macs.total()).isEqualTo(256 + 320 + 240);
  }

  @ParameterizedTest
  @CsvSource({
    "'ij,jk->ik', 2, 3, 3, 5, 30",
    "'ij,kj->ik', 2, 3, 5, 3, 30",
    "'ab,cd->abcd', 2, 3, 5, 7, 210"
  })
  void shouldMultiplyAllSubscriptsOfAnEinsum(
      String equation, long a, long b, long c, long d, long expected) {
    Attribute subscripts = new Attribute.Text(equation);
    Graph graph =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(1L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of())),
            List.of(
                node("Reshape", List.of("x"), "u", Map.of()),
                node("Reshape", List.of("x"), "v", Map.of()),
                node("Einsum", List.of("u", "v"), "y", Map.of("equation", subscripts))),
            Map.of(),
            List.of());
    Map<String, long[]> shapes =
        Map.of("x", new long[] {1}, "u", new long[] {a, b}, "v", new long[] {c, d});

    assertThat(Macs.of(graph, shapes)).get().extracting(Macs::total).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"Loop", "If", "Scan"})
  void shouldNotCountAtAllWhenProductsMayHide(String operator) {
    Graph graph =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(1L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of(1L))),
            List.of(node(operator, List.of("x"), "y", Map.of())),
            Map.of(),
            List.of());

    assertThat(Macs.of(graph, Map.of("x", new long[] {1}))).isEmpty();
  }

  @Test
  void shouldNotCountWhenInputsLeaveTheirSizesOpen() {
    Graph graph =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, -1L, 4L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, -1L, 3L))),
            List.of(node("MatMul", List.of("x", "w"), "y", Map.of())),
            Map.of("w", Tensor.zeros(DataType.FLOAT, 4, 3)),
            List.of(kernel("w")));

    assertThat(Macs.of(graph, StaticShapes.of(graph).shapes())).isEmpty();
  }

  private static Node node(
      String operator, List<String> inputs, String output, Map<String, Attribute> attributes) {
    return new Node("n-" + output, operator, inputs, List.of(output), attributes);
  }

  private static Parameter kernel(String name) {
    return new Parameter(name, name, name, Parameter.Role.KERNEL);
  }

  private static Graph open(String name) throws Exception {
    Path file = Path.of(MacsTest.class.getResource(FIXTURES + name + ".onnx").toURI());
    return FormatDetector.open(file, null, FormatLimits.defaults()).graph();
  }

  /** Samples of zeros, which every type of input can be. */
  record Zeros(Graph graph) implements BatchSource {
    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int samples() {
      return 1;
    }

    @Override
    public Batch batch(int... indices) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (ValueInfo input : graph.inputs()) {
        List<Long> shape = new ArrayList<>(input.dimensions());
        shape.set(0, (long) indices.length);
        LongStream sizes = shape.stream().mapToLong(Long::longValue);
        inputs.put(input.name(), Tensor.zeros(input.type(), sizes.toArray()));
      }
      return new Batch(inputs, Tensor.zeros(DataType.FLOAT, indices.length, 1));
    }
  }
}
