package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimisers, rates, clipping, masks, distillation and movement as PyTorch has them. */
class UpdatesTest {
  private static final Offset<Float> TOLERANCE = within(1e-4f);

  private record Run(JsonNode json, FixtureNetwork network) {
    static Run of(JsonNode json) {
      try {
        return new Run(json, FixtureNetwork.of(json.get("network").asText()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    int updates() {
      return json.get("losses").size();
    }

    /** All samples are one batch, so that their order does not matter. */
    Policy.Recover settings() {
      String named = json.get("settings").toString();
      return TestPolicies.recover(
          "epochs: %d, batch: %d, %s"
              .formatted(
                  updates(), network.samples().samples(), named.substring(1, named.length() - 1)));
    }

    Map<String, Mask> masks() {
      int every = json.get("removed").asInt();
      Map<String, Mask> masks = new LinkedHashMap<>();
      if (every > 0) {
        network
            .graph()
            .parameters()
            .forEach(
                parameter -> {
                  Mask mask = Mask.keepAll(network.graph().tensor(parameter).size());
                  for (int i = 0; i < mask.size(); i += every) {
                    mask.remove(i);
                  }
                  masks.put(parameter.tensor(), mask);
                });
      }
      return masks;
    }

    @Override
    public String toString() {
      return json.get("network").asText() + json.get("settings");
    }
  }

  static Stream<Run> runs() throws IOException {
    return StreamSupport.stream(FixtureNetwork.read("updates").spliterator(), false).map(Run::of);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void shouldFollowPyTorchsLossesStepByStep(Run run) {
    Graph graph = run.network().graph();
    Samples data = run.network().samples();
    Learner learner = new Learner(graph, Task.CLASSIFICATION, run.settings().distill());
    learner.load(graph.initializers(), run.masks());
    Updates updates =
        new Updates(run.settings(), learner.parameters(), run.masks(), run.updates(), Map.of());
    Batch batch = data.batch(IntStream.range(0, data.samples()).toArray());

    for (JsonNode loss : run.json().get("losses")) {
      assertThat(learner.play(batch, new SplittableRandom(1)))
          .as("update %s", updates.done())
          .isCloseTo(loss.asDouble(), within(1e-4));
      updates.apply();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void shouldLeavePyTorchsWeightsAndMovementWhenRecovered(Run run) {
    Graph graph = run.network().graph();
    Map<String, Tensor> moved = FixtureNetwork.tensors(run.json().get("movement"));

    Recovered recovered;
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, run.settings(), 1)) {
      recovered =
          recovery.run(
              Recovered.of(graph.initializers(), moved.keySet()),
              run.masks(),
              run.network().samples(),
              1,
              weights -> 0,
              n -> {});
    }

    requireClose(recovered.weights(), FixtureNetwork.tensors(run.json().get("weights")));
    requireClose(recovered.movement(), moved);
  }

  private static void requireClose(Map<String, Tensor> found, Map<String, Tensor> expected) {
    assertThat(found).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, tensor) ->
            assertThat(found.get(name).toFloats())
                .as(name)
                .containsExactly(tensor.toFloats(), TOLERANCE));
  }
}
