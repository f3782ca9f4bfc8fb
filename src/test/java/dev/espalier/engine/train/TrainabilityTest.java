package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
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
    Graph graph = Models.of(4).then("Det").dense("fc", 4, 3).then("Einsum").build();

    assertThat(Trainability.obstacles(graph))
        .satisfiesExactly(
            first -> assertThat(first).contains("'n0'", "Det"),
            second -> assertThat(second).contains("'n2'", "Einsum"));
  }

  @Test
  void shouldNameTheNodeWhenAnAttributeIsNotSupported() {
    Graph graph =
        Models.of(4, 6, 6)
            .conv("conv", Map.of("auto_pad", new Attribute.Text("MIDDLE")), 4, 4, 3, 3)
            .then("Flatten")
            .dense("fc", 64, 3)
            .build();

    assertThat(Trainability.obstacles(graph))
        .singleElement()
        .asString()
        .contains("'n0' (Conv)", "auto_pad");
  }

  @Test
  void shouldNameTheNodeWhenShapesDoNotGoThrough() {
    Graph graph = Models.of(1, 6, 6).then("Flatten").dense("fc", 35, 3).build();

    assertThat(Trainability.obstacles(graph))
        .singleElement()
        .asString()
        .contains("'n1' (Gemm)", "[2, 36]", "[3, 35]");
  }

  /** Found by fuzzing: the indices of the padded axis alone would have taken 8 GiB. */
  @Test
  void shouldNameTheNodeWhenItPadsBeyondAllMemory() {
    long most = Integer.MAX_VALUE - 64;
    Graph graph =
        Models.of(1, 2, 2)
            .constant("pads", Tensor.of(new long[] {0, 0, 0, 0, 0, 0, 0, most}, 8))
            .then("Pad", "pads")
            .then("Flatten")
            .dense("fc", 4, 3)
            .build();

    assertThat(Trainability.obstacles(graph)).first().asString().contains("'n0' (Pad)");
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
  void shouldNameTheOutputWhenItsShapeIsNoClassifiers() {
    Graph image = Models.of(1, 6, 6).conv("conv", Map.of(), 3, 1, 3, 3).build();

    assertThat(Trainability.obstacles(image, Task.CLASSIFICATION))
        .singleElement()
        .asString()
        .contains("FLOAT[2, 3, 4, 4]", "[batch, classes]");
    assertThat(Trainability.obstacles(image, Task.REGRESSION)).isEmpty();
    assertThat(Trainability.obstacles(image)).isEmpty();
  }

  @Test
  void shouldNameTheSoftmaxWhenItDoesNotNormaliseClasses() {
    Models model = Models.of(4).dense("fc", 4, 3);
    Graph overTheBatch = model.then("Softmax", Map.of("axis", new Attribute.Int(0))).build();
    Graph ofOneClass = Models.of(4).dense("fc", 4, 1).then("Softmax").build();

    assertThat(Trainability.obstacles(overTheBatch, Task.CLASSIFICATION))
        .singleElement()
        .asString()
        .contains("(Softmax)");
    assertThat(Trainability.obstacles(ofOneClass, Task.CLASSIFICATION))
        .singleElement()
        .asString()
        .contains("FLOAT[2, 1]");
  }

  @Test
  void shouldNameTheHeadWhenItHasNoLossForTheTask() {
    Graph classes = Models.of(4).dense("fc", 4, 3).then("Softmax").build();
    Graph hard = Models.of(4).dense("fc", 4, 1).then("HardSigmoid").build();

    assertThat(Trainability.obstacles(classes, Task.MULTILABEL))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("Softmax", "multilabel"));
    assertThat(Trainability.obstacles(hard, Task.CLASSIFICATION))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("HardSigmoid", "classification"));
  }

  @Test
  void shouldNotTrainProbabilitiesAsLogitsWhenSomethingFollowsTheHead() {
    Graph moved = Models.of(4).dense("fc", 4, 3).then("Softmax").then("Transpose").build();
    Graph turned = Models.of(4).dense("fc", 4, 3).then("Sigmoid").then("Transpose").build();
    Graph scaled =
        Models.of(4)
            .dense("fc", 4, 3)
            .constant("one", Tensor.of(new float[] {1}))
            .then("Sigmoid")
            .then("Mul", "one")
            .build();
    Graph clipped = Models.of(4).dense("fc", 4, 3).then("Sigmoid").then("Clip").build();

    assertThat(Trainability.obstacles(moved, Task.CLASSIFICATION))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("Softmax", "moves"));
    assertThat(Trainability.obstacles(turned, Task.MULTILABEL))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("FLOAT[3, 2]", "batch first"));
    assertThat(Trainability.obstacles(scaled, Task.MULTILABEL))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("Sigmoid", "Mul"));
    assertThat(Trainability.obstacles(clipped, Task.MULTILABEL)).isEmpty();
    assertThat(new Plan(clipped, Task.MULTILABEL).objective().value()).isEqualTo("v0");
  }

  @Test
  void shouldTrainTheFirstOutputWhenThereAreSeveral() {
    Models model = Models.of(4).dense("fc", 4, 3);
    Graph one = model.build();
    Graph two =
        new Graph(
            17,
            one.inputs(),
            List.of(one.outputs().get(0), new ValueInfo("x", DataType.FLOAT, List.of(-1L, 4L))),
            one.nodes(),
            one.initializers(),
            one.parameters());

    assertThat(Trainability.obstacles(two, Task.CLASSIFICATION)).isEmpty();
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
    Graph graph = Models.of(4).then("Det").dense("fc", 4, 3).build();
    var settings = TestPolicies.recover("epochs: 1, optimizer: sgd, learning-rate: 0.1, batch: 8");

    assertThatThrownBy(() -> new Recovery(graph, Task.CLASSIFICATION, settings, 1))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("operator-unsupported")
        .hasMessageContaining("Det");
  }

  /** Exporters write equal tensors once, and untrained scales and variances are all ones. */
  @Test
  void shouldNameTheParameterWhenItIsAStatisticAndAWeight() {
    Graph graph =
        Models.of(3)
            .parameter("ones", Parameter.Role.NORMALIZATION, 1, 3)
            .parameter("zeros", Parameter.Role.NORMALIZATION, 1, 3)
            .then("BatchNormalization", "ones", "zeros", "zeros", "ones")
            .dense("fc", 3, 2)
            .build();

    assertThat(Trainability.obstacles(graph))
        .anySatisfy(obstacle -> assertThat(obstacle).contains("'ones'", "statistic"));
  }
}
