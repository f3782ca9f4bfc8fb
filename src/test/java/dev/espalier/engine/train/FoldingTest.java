package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sizes that exporters compute from shapes. */
class FoldingTest {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();

  private void node(String operator, List<String> inputs, List<String> outputs) {
    node(operator, Map.of(), inputs, outputs);
  }

  private void node(
      String operator,
      Map<String, Attribute> attributes,
      List<String> inputs,
      List<String> outputs) {
    nodes.add(new Node(operator + nodes.size(), operator, inputs, outputs, attributes));
  }

  private void integers(String name, long... values) {
    initializers.put(name, Tensor.of(values, values.length));
  }

  private Graph graph(ValueInfo input, String output) {
    initializers.put("w", Models.normal(new Random(1), 0.5, 6, 3));
    return new Graph(
        13,
        List.of(input),
        List.of(new ValueInfo(output, DataType.FLOAT, List.of(-1L, 3L))),
        nodes,
        initializers,
        List.of(new Parameter("w", "w", "fc", Parameter.Role.KERNEL)));
  }

  private static ValueInfo floats(Long... dimensions) {
    return new ValueInfo("x", DataType.FLOAT, List.of(dimensions));
  }

  /** What PyTorch writes for {@code x.view(x.size(0), -1)}. */
  @Test
  void shouldTrainThroughAReshapeWhenItsShapeIsComputedFromTheBatch() {
    initializers.put("first", Tensor.of(new long[] {0}));
    integers("axes", 0);
    integers("rest", -1);
    node("Shape", List.of("x"), List.of("shape"));
    node("Gather", List.of("shape", "first"), List.of("n"));
    node("Unsqueeze", List.of("n", "axes"), List.of("n1"));
    node("Concat", Map.of("axis", new Attribute.Int(0)), List.of("n1", "rest"), List.of("target"));
    node("Reshape", List.of("x", "target"), List.of("flat"));
    node("MatMul", List.of("flat", "w"), List.of("y"));
    Graph graph = graph(floats(-1L, 2L, 3L), "y");

    assertThat(Trainability.obstacles(graph)).isEmpty();
    Losses.of(graph, Samples.prototypes(4, 3, 2, 3)).loss();
    assertThat(Losses.of(graph, Samples.prototypes(7, 3, 2, 3)).loss()).isFinite().isPositive();
  }

  /** What Keras exporters write for Flatten: the product of all dimensions but the first. */
  @Test
  void shouldTrainThroughAReshapeWhenItsShapeIsAProductOfDimensions() {
    integers("one", 1);
    integers("end", Long.MAX_VALUE);
    integers("zero", 0);
    integers("minus", -1);
    node("Shape", List.of("x"), List.of("shape"));
    node("Cast", Map.of("to", new Attribute.Int(6)), List.of("shape"), List.of("shape32"));
    node("Slice", List.of("shape32", "one", "end", "zero"), List.of("sizes"));
    node("ReduceProd", Map.of("keepdims", new Attribute.Int(1)), List.of("sizes"), List.of("p32"));
    node("Cast", Map.of("to", new Attribute.Int(7)), List.of("p32"), List.of("p"));
    node("Concat", Map.of("axis", new Attribute.Int(0)), List.of("minus", "p"), List.of("target"));
    node("Reshape", List.of("x", "target"), List.of("flat"));
    node("MatMul", List.of("flat", "w"), List.of("y"));
    Graph graph = graph(floats(-1L, 2L, 3L), "y");

    assertThat(Trainability.obstacles(graph)).isEmpty();
    assertThat(Losses.of(graph, Samples.prototypes(4, 3, 2, 3)).loss()).isFinite().isPositive();
  }

  /** A chunk's second half is used and the first is not: only what is read has a gradient. */
  @Test
  void shouldLeaveUnreadResultsAloneWhenAnOperatorHasSeveral() {
    initializers.put("v", Models.normal(new Random(2), 0.5, 6, 12));
    node("MatMul", List.of("x", "v"), List.of("wide"));
    node("Split", Map.of("axis", new Attribute.Int(1)), List.of("wide"), List.of("unread", "half"));
    node("MatMul", List.of("half", "w"), List.of("y"));
    Graph base = graph(floats(-1L, 6L), "y");
    List<Parameter> parameters = new ArrayList<>(base.parameters());
    parameters.add(new Parameter("v", "v", "v", Parameter.Role.KERNEL));
    Graph graph =
        new Graph(13, base.inputs(), base.outputs(), base.nodes(), base.initializers(), parameters);

    Losses losses = Losses.of(graph, Samples.prototypes(5, 3, 6));
    losses.loss();

    float[] gradient = losses.parameter("v").requiredGradient().toFloats();
    for (int i = 0; i < gradient.length; i++) {
      if (i % 12 < 6) {
        assertThat(gradient[i]).isZero();
      } else {
        assertThat(gradient[i]).isNotZero();
      }
    }
  }

  /** Tokens as floats: an input of integers that the model casts. */
  @Test
  void shouldTrainOnIntegersWhenTheModelCastsThem() {
    node("Cast", Map.of("to", new Attribute.Int(1)), List.of("x"), List.of("real"));
    node("MatMul", List.of("real", "w"), List.of("y"));
    Graph graph = graph(new ValueInfo("x", DataType.INT64, List.of(-1L, 6L)), "y");

    assertThat(Trainability.obstacles(graph)).isEmpty();
    Samples data =
        new Samples(
            Tensor.of(new long[] {1, 0, 2, 0, 1, 0, 0, 3, 0, 1, 0, 1}, 2, 6),
            Tensor.of(new long[] {0, 2}, 2));
    assertThat(Losses.of(graph, data).loss()).isFinite().isPositive();
  }

  /** What exporters write for a batch of one when batches may not vary. */
  @Test
  void shouldTrainOnOtherBatchesWhenTheModelWasExportedForOne() {
    integers("target", 1, -1);
    node("Reshape", List.of("x", "target"), List.of("flat"));
    node("MatMul", List.of("flat", "w"), List.of("y"));
    Graph graph = graph(floats(1L, 2L, 3L), "y");

    assertThat(Trainability.obstacles(graph, Task.CLASSIFICATION)).isEmpty();
    assertThat(Losses.of(graph, Samples.prototypes(4, 3, 2, 3)).loss()).isFinite().isPositive();
  }

  @Test
  void shouldNameTheNodeWhenItIsMalformed() {
    integers("none");
    integers("far", 1L << 62);
    node("Transpose", List.of(), List.of("a"));
    node("Unsqueeze", List.of("x", "far"), List.of("b"));
    node("Expand", List.of("x", "far"), List.of("c"));
    node("ConstantOfShape", List.of("far"), List.of("d"));
    node("Concat", Map.of(), List.of(), List.of("e"));
    node("Sum", List.of("a", "b", "c", "d", "e"), List.of("y"));
    Graph graph = graph(floats(-1L, 6L), "y");

    List<String> obstacles = Trainability.obstacles(graph, Task.CLASSIFICATION);

    assertThat(obstacles).isNotEmpty().allSatisfy(o -> assertThat(o).startsWith("node '"));
  }
}
