package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Layers that their file says not to train. */
class FrozenLayersTest {
  private static final Samples DATA = Samples.prototypes(96, 5, 20);
  private static final Graph GRAPH = frozen(graph(), Set.of("fc1", "norm"));

  private static Graph graph() {
    Graph graph =
        Models.of(20)
            .dense("fc1", 20, 8)
            .parameter("norm.scale", Role.NORMALIZATION, 1, 8)
            .parameter("norm.shift", Role.NORMALIZATION, 1, 8)
            .parameter("norm.mean", Role.NORMALIZATION, 1, 8)
            .parameter("norm.variance", Role.NORMALIZATION, 0, 8)
            .then("BatchNormalization", "norm.scale", "norm.shift", "norm.mean", "norm.variance")
            .then("Relu")
            .dense("fc2", 8, 5)
            .build();
    return graph.with(Map.of("norm.variance", Tensor.of(new float[] {1, 2, 3, 4, 1, 2, 3, 4}, 8)));
  }

  private static Graph frozen(Graph graph, Set<String> layers) {
    List<Parameter> parameters =
        graph.parameters().stream()
            .map(
                p ->
                    new Parameter(
                        p.tensor(),
                        p.source(),
                        p.layer(),
                        p.role(),
                        null,
                        layers.contains(p.layer())))
            .toList();
    return new Graph(
        graph.opset(),
        graph.inputs(),
        graph.outputs(),
        graph.nodes(),
        graph.initializers(),
        parameters);
  }

  private static Recovered recover(int epochs, Map<String, Mask> masks) {
    Policy.Recover settings =
        TestPolicies.recover(
            epochs == 0
                ? "epochs: 0"
                : "batch: 32, optimizer: adamw, weight-decay: 0.5, learning-rate: 0.01, epochs: "
                    + epochs);
    try (Recovery recovery = new Recovery(GRAPH, Task.CLASSIFICATION, settings, 1)) {
      return recovery.run(
          Recovered.of(GRAPH.initializers(), Set.of("fc1.weight", "fc2.weight")),
          masks,
          DATA,
          1,
          weights -> 0,
          n -> {});
    }
  }

  @Test
  void shouldStayAsTheyAreButForWhatIsRemoved() {
    Mask mask = Mask.keepAll(160);
    mask.remove(3);

    for (int epochs : new int[] {0, 3}) {
      Map<String, Tensor> recovered = recover(epochs, Map.of("fc1.weight", mask)).weights();

      assertThat(recovered.keySet()).isEqualTo(GRAPH.initializers().keySet());
      for (Parameter parameter : GRAPH.parameters()) {
        String name = parameter.tensor();
        float[] expected = GRAPH.tensor(parameter).toFloats();
        if (name.equals("fc1.weight")) {
          expected[3] = 0;
        }
        if (parameter.frozen() || epochs == 0) {
          assertThat(recovered.get(name).toFloats()).as(name).isEqualTo(expected);
        } else {
          assertThat(recovered.get(name).toFloats()).as(name).isNotEqualTo(expected);
        }
      }
    }
  }

  @Test
  void shouldNormaliseByTheirOwnStatisticsWhileOthersTrain() {
    Learner learner = new Learner(GRAPH, Task.CLASSIFICATION, null);
    learner.load(GRAPH.initializers(), Map.of());

    double loss =
        learner.play(
            DATA.batch(IntStream.range(0, DATA.samples()).toArray()), new SplittableRandom(1));

    assertThat(loss)
        .isCloseTo(Losses.of(InferenceForm.of(GRAPH), DATA).loss(), within(1e-6))
        .isNotCloseTo(Losses.of(graph(), DATA).loss(), within(1e-2));
  }

  @Test
  void shouldNotMove() {
    Map<String, Tensor> movement = recover(1, Map.of()).movement();

    assertThat(movement.get("fc1.weight").toFloats()).containsOnly(0f);
    assertThat(movement.get("fc2.weight").toFloats()).doesNotContain(0f);
  }

  @Test
  void shouldBeAnObstacleWhenNothingElseIsLeft() {
    assertThat(Trainability.obstacles(GRAPH, Task.CLASSIFICATION)).isEmpty();
    assertThat(
            Trainability.obstacles(
                frozen(GRAPH, Set.of("fc1", "norm", "fc2")), Task.CLASSIFICATION))
        .containsExactly("every layer with weights is frozen");
  }
}
