package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.operator.Untrainable;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceFormTest {
  @Test
  void shouldPassOnWhatDropoutReadsAndKeepItsNames() {
    Graph form = InferenceForm.of(Models.tinyCnn());

    Node identity = form.nodes().get(4);
    assertThat(Models.tinyCnn().nodes().get(4).operator()).isEqualTo("Dropout");
    assertThat(identity.operator()).isEqualTo("Identity");
    assertThat(identity.inputs()).containsExactly(form.nodes().get(3).outputs().get(0));
    assertThat(form.nodes().get(5).inputs()).contains(identity.outputs().get(0));
  }

  @Test
  void shouldHoldStatisticsFixedAndLeaveScaleAndShiftTrained() {
    Graph form = InferenceForm.of(normalised("mean", "variance"));

    assertThat(form.parameters())
        .extracting(Parameter::tensor)
        .containsExactly("fc.weight", "fc.bias", "scale", "shift");
    assertThat(form.initializers()).containsKeys("mean", "variance");
  }

  @Test
  void shouldRefuseWhenAStatisticIsAWeightAtOnce() {
    assertThatThrownBy(() -> InferenceForm.of(normalised("mean", "scale")))
        .isInstanceOf(Untrainable.class)
        .hasMessageContaining("statistics [mean, scale] are not constant");
  }

  @Test
  void shouldRefuseWhenStatisticsAreComputedFromWeights() {
    Graph graph = normalised("mean", "squared");
    List<Node> nodes = new java.util.ArrayList<>(graph.nodes());
    nodes.add(
        0,
        new Node(
            "s", "Mul", List.of("variance", "variance"), List.of("squared"), java.util.Map.of()));
    Graph computed =
        new Graph(
            graph.opset(),
            graph.inputs(),
            graph.outputs(),
            nodes,
            graph.initializers(),
            graph.parameters());

    assertThatThrownBy(() -> InferenceForm.of(computed)).isInstanceOf(Untrainable.class);
  }

  private static Graph normalised(String mean, String variance) {
    Models model = Models.of(6).dense("fc", 6, 3);
    for (String name : List.of("scale", "shift", "mean", "variance")) {
      model.parameter(name, Parameter.Role.NORMALIZATION, 1, 3);
    }
    return model.then("BatchNormalization", "scale", "shift", mean, variance).build();
  }
}
