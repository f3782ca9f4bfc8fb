package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What students are told about their teachers. */
class DivergenceTest {
  private static final float FAR = 3e4f;

  static Stream<JsonNode> cases() throws IOException {
    return StreamSupport.stream(FixtureNetwork.read("divergences").spliterator(), false);
  }

  private static Value logits(Tensor values) {
    Value logits = Value.allocate(true, values.shape());
    logits.data().bytes().put(values.bytes());
    return logits;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldBePyTorchsWhenEvaluated(JsonNode json) {
    Value logits = logits(FixtureNetwork.tensor(json.get("logits")));
    double temperature = json.get("temperature").asDouble();
    Loss divergence =
        json.get("head").asText().equals("softmax")
            ? new SoftmaxDivergence(logits, temperature)
            : new SigmoidDivergence(logits, temperature);

    double loss = divergence.evaluate(FixtureNetwork.tensor(json.get("teacher")));

    assertThat(loss).isCloseTo(json.get("loss").asDouble(), withinPercentage(1e-3));
    assertThat(logits.requiredGradient().toFloats())
        .containsExactly(FixtureNetwork.tensor(json.get("gradient")).toFloats(), within(1e-5f));
  }

  @Test
  void shouldStayFiniteWhenBothAreCertainOfDifferentAnswers() {
    Tensor teacher = Tensor.of(new float[] {FAR, -FAR}, 1, 2);
    for (Value student :
        new Value[] {
          logits(Tensor.of(new float[] {-FAR, FAR}, 1, 2)),
          logits(Tensor.of(new float[] {FAR, -FAR}, 1, 2))
        }) {
      assertThat(new SoftmaxDivergence(student, 0.1).evaluate(teacher)).isFinite();
      assertThat(new SigmoidDivergence(student, 0.1).evaluate(teacher)).isFinite();
      for (float gradient : student.requiredGradient().toFloats()) {
        assertThat(gradient).isFinite();
      }
    }
  }

  @Test
  void shouldLearnNothingFromATeacherThatAgrees() {
    Tensor same = Tensor.of(new float[] {1, -2, 0.5f, 3}, 2, 2);
    Value student = logits(same);

    assertThat(new SoftmaxDivergence(student, 3).evaluate(same)).isZero();
    assertThat(student.requiredGradient().toFloats()).containsOnly(0f);
    assertThat(new SigmoidDivergence(student, 3).evaluate(same)).isZero();
    assertThat(student.requiredGradient().toFloats()).containsOnly(0f);
  }
}
