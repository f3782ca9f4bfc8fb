package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TapeTest {
  private static final float H = 0x1p-7f;

  /** Compares every gradient with a central difference; smooth graphs only. */
  private static void assertGradients(Graph graph, Samples data) {
    Losses losses = Losses.of(graph, data);
    for (Parameter parameter : graph.parameters()) {
      FloatBuffer w = losses.parameter(parameter.tensor()).data().floats();
      losses.loss();
      float[] gradients = losses.parameter(parameter.tensor()).requiredGradient().toFloats();
      for (int i = 0; i < w.capacity(); i++) {
        float value = w.get(i);
        w.put(i, value + H);
        double above = losses.loss();
        w.put(i, value - H);
        double below = losses.loss();
        w.put(i, value);
        assertThat((double) gradients[i])
            .as(parameter.tensor())
            .isCloseTo((above - below) / (2 * H), within(5e-4));
      }
    }
  }

  @Test
  void shouldSumGradientsWhenAValueIsReadTwice() {
    Models model = Models.of(5).dense("fc1", 5, 5).then("Tanh");
    String skipped = model.last();
    Graph residual =
        model
            .dense("fc2", 5, 5)
            .then("Add", skipped)
            .then("Add", skipped)
            .dense("fc3", 5, 3)
            .build();

    assertGradients(residual, Samples.prototypes(4, 3, 5));
  }

  @Test
  void shouldSumGradientsWhenAWeightIsReadTwice() {
    Graph tied =
        Models.of(4)
            .parameter("shared", Parameter.Role.KERNEL, 0.5, 4, 4)
            .then("MatMul", "shared")
            .then("Sigmoid")
            .then("MatMul", "shared")
            .build();

    assertGradients(tied, Samples.prototypes(6, 4, 4));
  }

  @Test
  void shouldDifferentiateThroughViewsWhenTheyAreReadTwice() {
    Models model =
        Models.of(2, 2, 2)
            .constant("shape", Tensor.of(new long[] {0, -1}, 2))
            .conv("conv", Map.of(), 3, 2, 2, 2)
            .then("Reshape", "shape");
    String view = model.last();
    Graph graph = model.then("Tanh").then("Identity").then("Add", view).then("LogSoftmax").build();

    assertGradients(graph, Samples.prototypes(4, 3, 2, 2, 2));
  }

  @Test
  void shouldTrainWhatFollowsOperatorsWithoutWeights() {
    Graph graph =
        Models.of(2, 4, 4)
            .then("Tanh")
            .then(
                "MaxPool",
                Map.of(
                    "kernel_shape", new Attribute.Ints(List.of(2L, 2L)),
                    "strides", new Attribute.Ints(List.of(2L, 2L))))
            .then("Flatten")
            .dense("fc", 8, 3)
            .build();

    assertGradients(graph, Samples.prototypes(4, 3, 2, 4, 4));
  }

  @Test
  void shouldDifferentiateTheSameNoiseWhenDropoutIsActive() {
    Graph graph =
        Models.of(6)
            .dense("fc1", 6, 12)
            .then("Dropout", Map.of("ratio", new Attribute.Real(0.4f)))
            .dense("fc2", 12, 3)
            .build(11);

    assertGradients(graph, Samples.prototypes(8, 3, 6));
  }

  @Test
  void shouldReadTheLogitsWhenTheModelEndsInSoftmaxAndIdentity() {
    Models model = Models.of(4).dense("fc", 4, 3);
    Graph logits = model.build();
    Graph probabilities = model.then("Softmax").then("Identity").build();
    Samples data = Samples.prototypes(10, 3, 4);

    assertThat(Losses.of(probabilities, data).loss()).isEqualTo(Losses.of(logits, data).loss());
  }
}
