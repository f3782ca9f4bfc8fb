package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.graph.Attribute;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attribute of the recurrent operators, PyTorch having but few of them. */
class RecurrentAttributesTest {
  private static final float H = 0x1p-9f;
  private static final Attribute REVERSE = new Attribute.Text("reverse");
  private static final Attribute BOTH = new Attribute.Text("bidirectional");
  private static final Attribute CLIP = new Attribute.Real(0.7f);
  private static final Attribute ON = new Attribute.Int(1);

  @BeforeAll
  static void useOneThread() {
    Native.useThreads(1);
  }

  static Stream<RecurrentNode> nodes() {
    return Stream.of(rnns(), lstms(), grus()).flatMap(nodes -> nodes);
  }

  private static Stream<RecurrentNode> rnns() {
    Stream<RecurrentNode> plain =
        Stream.of(
                "Affine",
                "Elu",
                "HardSigmoid",
                "LeakyRelu",
                "Relu",
                "ScaledTanh",
                "Sigmoid",
                "Softplus",
                "Softsign",
                "Tanh",
                "ThresholdedRelu")
            .map(name -> node("RNN", false, Map.of("activations", texts(name))));
    Stream<RecurrentNode> parameters =
        Stream.of("Affine", "Elu", "HardSigmoid", "LeakyRelu", "ScaledTanh", "ThresholdedRelu")
            .map(
                name ->
                    node(
                        "RNN",
                        false,
                        Map.of(
                            "activations", texts(name),
                            "activation_alpha", reals(0.3f),
                            "activation_beta", reals(0.6f))));
    Stream<RecurrentNode> alphas =
        Stream.of("Affine", "HardSigmoid", "ScaledTanh")
            .map(
                name ->
                    node(
                        "RNN",
                        false,
                        Map.of("activations", texts(name), "activation_alpha", reals(0.3f))));
    return Stream.of(
            plain,
            parameters,
            alphas,
            Stream.of(
                node("RNN", true, Map.of("direction", REVERSE, "clip", CLIP)),
                node(
                    "RNN",
                    true,
                    Map.of(
                        "direction", BOTH,
                        "activations", texts("LeakyRelu", "HardSigmoid"),
                        "activation_alpha", reals(0.1f, 0.3f),
                        "activation_beta", reals(0.4f)))))
        .flatMap(nodes -> nodes);
  }

  private static Stream<RecurrentNode> lstms() {
    return Stream.of(
        node("LSTM", true, Map.of()),
        node("LSTM", true, Map.of("direction", REVERSE)),
        node("LSTM", true, Map.of("direction", BOTH)),
        node("LSTM", false, Map.of("clip", CLIP)),
        node("LSTM", true, Map.of("clip", CLIP, "direction", BOTH)),
        node("LSTM", false, Map.of("input_forget", ON)),
        node("LSTM", true, Map.of("input_forget", ON, "direction", BOTH)),
        node("LSTM", false, Map.of("activations", texts("HardSigmoid", "Softsign", "Tanh"))),
        node("LSTM", false, Map.of("activations", texts("Sigmoid", "Relu", "Elu"))),
        node(
            "LSTM",
            true,
            Map.of(
                "direction", BOTH,
                "activations",
                    texts("HardSigmoid", "Tanh", "ScaledTanh", "Sigmoid", "Elu", "HardSigmoid"),
                "activation_alpha", reals(0.25f, 0.8f, 0.5f, 0.3f),
                "activation_beta", reals(0.4f, 0.7f))));
  }

  private static Stream<RecurrentNode> grus() {
    return Stream.of(0, 1)
        .flatMap(
            after ->
                Stream.of(
                        Map.<String, Attribute>of(),
                        Map.of("direction", REVERSE),
                        Map.of("direction", BOTH),
                        Map.of("clip", CLIP),
                        Map.of("activations", texts("HardSigmoid", "Softsign")),
                        Map.of("activations", texts("Sigmoid", "Relu")))
                    .map(
                        attributes -> {
                          Map<String, Attribute> all = new HashMap<>(attributes);
                          all.put("linear_before_reset", new Attribute.Int(after));
                          return node("GRU", !attributes.containsKey("activations"), all);
                        }));
  }

  private static RecurrentNode node(
      String operator, boolean lengths, Map<String, Attribute> attributes) {
    return new RecurrentNode(operator, lengths, attributes);
  }

  private static Attribute texts(String... values) {
    return new Attribute.Texts(List.of(values));
  }

  private static Attribute reals(Float... values) {
    return new Attribute.Reals(List.of(values));
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void shouldGiveOnnxRuntimesResultsWhenPlayedForwards(RecurrentNode node) throws OrtException {
    node.forward();

    for (int i = 0; i < node.results().size(); i++) {
      assertThat(node.results().get(i).data().toFloats())
          .as("result %d", i)
          .containsExactly(node.runtimesResult(i), within(1e-5f));
    }
  }

  /**
   * As for the other operators: kinks are found by their second difference and left out. A kink of
   * jump J at distance d inside the step h bends the objective by J(h − d) and puts the central
   * difference off by J(h − d) / 2h, which small bends are allowed.
   */
  @ParameterizedTest
  @MethodSource("nodes")
  void shouldAgreeWithFiniteDifferencesWhenPlayedBackwards(RecurrentNode node) {
    node.forward();
    node.backward();
    int compared = 0;
    int elements = 0;
    for (Map.Entry<String, Value> operand : node.differentiated().entrySet()) {
      FloatBuffer x = operand.getValue().data().floats();
      float[] gradient = operand.getValue().requiredGradient().toFloats();
      for (int i = 0; i < x.capacity(); i++) {
        float value = x.get(i);
        double middle = node.objective();
        x.put(i, value + H);
        double above = node.objective();
        x.put(i, value - H);
        double below = node.objective();
        x.put(i, value);
        elements++;
        double bend = Math.abs(above - 2 * middle + below);
        if (bend < 2 * H * 1e-2) {
          assertThat((double) gradient[i])
              .as("%s[%d]", operand.getKey(), i)
              .isCloseTo((above - below) / (2 * H), within(2e-3 + bend / (2 * H)));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(elements * 7 / 10);
  }

  @Test
  void shouldBeRefusedWhenItHasPeepholesOrPutsSamplesFirst() {
    assertThatThrownBy(() -> node("LSTM", false, Map.of("layout", ON)))
        .isInstanceOf(Untrainable.class)
        .hasMessageContaining("samples before steps");
    assertThatThrownBy(() -> node("GRU", false, Map.of("activations", texts("Sigmoid"))))
        .isInstanceOf(Untrainable.class)
        .hasMessageContaining("[Sigmoid]");
    assertThatThrownBy(() -> node("RNN", false, Map.of("activations", texts("Gelu"))))
        .isInstanceOf(Untrainable.class)
        .hasMessageContaining("Gelu");
  }
}
