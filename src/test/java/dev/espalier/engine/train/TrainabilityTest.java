package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainabilityTest {

  @Test
  void shouldFindNoObstacleWhenEveryOperatorIsKnown() {
    assertThat(Trainability.obstacles(Models.guideCnn())).isEmpty();
    assertThat(Trainability.obstacles(Models.mlp(4, 3, 2))).isEmpty();
  }

  @Test
  void shouldNameEveryNodeWhenOperatorsAreUnknown() {
    Graph graph = Models.of(4).then("Erf").dense("fc", 4, 3).then("Celu").build();

    assertThat(Trainability.obstacles(graph))
        .satisfiesExactly(
            first -> assertThat(first).contains("'n0'", "Erf"),
            second -> assertThat(second).contains("'n2'", "Celu"));
  }

  @Test
  void shouldNameTheNodeWhenAnAttributeIsNotSupported() {
    Graph graph =
        Models.of(4, 6, 6)
            .conv("conv", Map.of("group", new Attribute.Int(4)), 4, 1, 3, 3)
            .then("Flatten")
            .dense("fc", 64, 3)
            .build();

    assertThat(Trainability.obstacles(graph))
        .singleElement()
        .asString()
        .contains("'n0' (Conv)", "group");
  }

  @Test
  void shouldNameTheNodeWhenShapesDoNotGoThrough() {
    Graph graph = Models.of(1, 6, 6).then("Flatten").dense("fc", 35, 3).build();

    assertThat(Trainability.obstacles(graph))
        .singleElement()
        .asString()
        .contains("'n1' (Gemm)", "[2, 36]", "[3, 35]");
  }

  @Test
  void shouldNameTheReshapeWhenItOnlyFitsSingleSamples() {
    Graph graph =
        Models.of(1, 2, 2)
            .constant("shape", Tensor.of(new long[] {1, 4}, 2))
            .then("Reshape", "shape")
            .dense("fc", 4, 3)
            .build();

    assertThat(Trainability.obstacles(graph)).singleElement().asString().contains("(Reshape)");
  }

  @Test
  void shouldNameTheOutputWhenThereIsOnlyOneClass() {
    assertThat(Trainability.obstacles(Models.mlp(4, 3, 1)))
        .singleElement()
        .asString()
        .contains("at least two classes");
  }

  @Test
  void shouldNameTheSoftmaxWhenItDoesNotNormaliseClasses() {
    Graph graph =
        Models.of(4)
            .dense("fc", 4, 3)
            .then("Softmax", Map.of("axis", new Attribute.Int(0)))
            .build();

    assertThat(Trainability.obstacles(graph)).singleElement().asString().contains("(Softmax)");
  }

  @Test
  void shouldNameTheInputWhenItHoldsTokens() {
    Graph mlp = Models.mlp(4, 3, 2);
    Graph tokens =
        new Graph(
            17,
            List.of(new ValueInfo("x", DataType.INT64, List.of(-1L, 4L))),
            mlp.outputs(),
            mlp.nodes(),
            mlp.initializers(),
            mlp.parameters());

    assertThat(Trainability.obstacles(tokens))
        .singleElement()
        .asString()
        .contains("'n0' (Gemm)", "'x' INT64");
  }

  @Test
  void shouldRefuseToRecoverWhenThereAreObstacles() {
    Graph graph = Models.of(4).then("Erf").dense("fc", 4, 3).build();
    var settings = new Policy.Recover(1, Policy.Recover.Optimizer.SGD, 0.1, 8);

    assertThatThrownBy(() -> new Recovery(graph, settings, 1))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("operator-unsupported")
        .hasMessageContaining("Erf");
  }
}
