package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Task;
import dev.espalier.engine.format.keras.layer.LayerModels;
import dev.espalier.engine.format.keras.layer.LayerModels.Case;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.operator.Untrainable;
import dev.espalier.engine.operator.Value;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Keras layer and option through our own operators: the output of the independent reader
 * again, and derivatives that finite differences agree with.
 */
class KerasLayersTrainingTest {
  private static final float TOLERANCE = 1e-4f;
  private static final float H = 0x1p-8f;

  /** Layers that act differently while training, whose outputs are not compared. */
  private static final Set<String> STOCHASTIC = Set.of("BatchNormalization", "Dropout");

  /** What is evaluated but not trained. */
  private static final Set<String> EVALUATED_ONLY =
      Set.of("Conv", "ConvTranspose", "AveragePool", "MaxPool", "Shrink");

  @TempDir Path directory;

  static List<Case> cases() throws IOException {
    return LayerModels.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveTheReadersOutputAndTrueDerivativesWhenPlayedByTheTape(Case model)
      throws IOException {
    Graph graph = flat(model.open(directory).graph());
    Plan plan = new Plan(graph, Task.REGRESSION);
    boolean trained =
        graph.parameters().stream().anyMatch(p -> !plan.statistics().contains(p.tensor()));
    if (!trained) {
      return;
    }
    Parameters parameters = new Parameters(graph, plan.statistics());
    parameters.load(graph.initializers(), Map.of());
    Map<String, Tensor> inputs = model.inputsOf(graph);
    Map<String, long[]> shapes = new HashMap<>();
    inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    Tape tape;
    try {
      tape = new Tape(plan, parameters, shapes);
    } catch (Untrainable e) {
      assertThat(EVALUATED_ONLY).anyMatch(o -> e.getMessage().contains("(" + o + ")"));
      return;
    }
    Tensor targets = Tensor.zeros(DataType.FLOAT, tape.outputs().shape());

    tape.play(inputs, targets, new SplittableRandom(5));

    if (graph.nodes().stream().noneMatch(node -> STOCHASTIC.contains(node.operator()))) {
      float[] output = tape.outputs().toFloats();
      for (int i = 0; i < output.length; i++) {
        float expected = model.output().elements()[i];
        assertThat(output[i])
            .as("element %d", i)
            .isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
      }
    }
    for (Parameter parameter : graph.parameters()) {
      assertThat(plan.statistics().contains(parameter.tensor()))
          .as(parameter.tensor())
          .isEqualTo(parameter.tensor().matches(".*/(moving_)?(mean|variance)"));
      Value value = parameters.values().get(parameter.tensor());
      if (value != null && value.differentiated()) {
        assertDerivative(parameter.tensor(), value, tape, inputs, targets);
      }
    }
  }

  /** The derivative along a random direction against a central difference. */
  private static void assertDerivative(
      String name, Value value, Tape tape, Map<String, Tensor> inputs, Tensor targets) {
    FloatBuffer weights = value.data().floats();
    float[] start = value.data().toFloats();
    Random random = new Random(11);
    float[] direction = new float[start.length];
    tape.play(inputs, targets, new SplittableRandom(5));
    float[] gradient = value.requiredGradient().toFloats();
    double derivative = 0;
    double size = 0;
    for (int i = 0; i < start.length; i++) {
      direction[i] = random.nextFloat() * 2 - 1;
      derivative += gradient[i] * direction[i];
      size += gradient[i] * gradient[i];
    }
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      float h = side == 0 ? H : -H;
      for (int i = 0; i < start.length; i++) {
        weights.put(i, start[i] + h * direction[i]);
      }
      losses[side] = tape.play(inputs, targets, new SplittableRandom(5));
    }
    weights.put(0, start);
    double difference = (losses[0] - losses[1]) / (2 * H);
    assertThat(derivative).as(name).isCloseTo(difference, within(1e-3 + 2e-2 * Math.sqrt(size)));
  }

  /** The graph with its first output as a row per sample. */
  private static Graph flat(Graph graph) {
    ValueInfo output = graph.outputs().get(0);
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.add(
        new Node(
            "flat",
            "Flatten",
            List.of(output.name()),
            List.of("flat"),
            Map.of("axis", new Attribute.Int(1))));
    ValueInfo rows =
        new ValueInfo("flat", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, ValueInfo.UNKNOWN));
    return new Graph(
        graph.opset(),
        graph.inputs(),
        List.of(rows),
        nodes,
        graph.initializers(),
        graph.parameters());
  }
}
