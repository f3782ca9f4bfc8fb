package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchAgreementTest {
  private static final Offset<Float> TOLERANCE = within(1e-4f);

  @ParameterizedTest
  @ValueSource(strings = {"cnn", "mlp"})
  void shouldGivePyTorchsLossAndGradientsWhenPlayed(String name) throws IOException {
    FixtureNetwork network = FixtureNetwork.of(name);
    JsonNode fixture = network.json();
    Losses played = Losses.of(network.graph(), network.samples());

    assertThat(played.loss()).isCloseTo(fixture.get("loss").asDouble(), within(1e-4));
    assertThat(played.logits().toFloats())
        .containsExactly(FixtureNetwork.tensor(fixture.get("logits")).toFloats(), TOLERANCE);
    fixture
        .get("gradients")
        .properties()
        .forEach(
            gradient ->
                assertThat(played.parameter(gradient.getKey()).requiredGradient().toFloats())
                    .as(gradient.getKey())
                    .containsExactly(
                        FixtureNetwork.tensor(gradient.getValue()).toFloats(), TOLERANCE));
  }

  @ParameterizedTest
  @CsvSource({"cnn, ADAM, 0.01", "cnn, SGD, 0.05", "mlp, ADAM, 0.01", "mlp, SGD, 0.05"})
  void shouldFollowPyTorchsTrajectoryWhenUpdated(
      String name, Policy.Recover.Optimizer optimizer, double rate) throws IOException {
    FixtureNetwork network = FixtureNetwork.of(name);
    JsonNode fixture = network.json();
    JsonNode expected = fixture.get(optimizer.name().toLowerCase(Locale.ROOT));
    Graph graph = network.graph();
    Samples data = network.samples();
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
                    .containsExactly(
                        FixtureNetwork.tensor(weight.getValue()).toFloats(), TOLERANCE));
  }
}
