package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrentGradientTest {
  private static final Offset<Float> TOLERANCE = within(1e-4f);

  @BeforeAll
  static void useOneThread() {
    Native.useThreads(1);
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.RecurrentCase#all")
  void shouldGivePyTorchsResultsAndGradientsWhenPlayed(RecurrentCase operator) {
    operator.play();

    assertPyTorchs(operator);
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.RecurrentCase#all")
  void shouldGiveTheSameWhenPlayedAgain(RecurrentCase operator) {
    operator.play();
    operator.play();

    assertPyTorchs(operator);
  }

  private static void assertPyTorchs(RecurrentCase operator) {
    for (int i = 0; i < operator.results().size(); i++) {
      assertClose("result " + i, operator.results().get(i).data(), operator.expectedResult(i));
    }
    operator
        .operands()
        .forEach(
            (position, operand) -> {
              Tensor expected = operator.expectedGradient(position);
              assertThat(operand.differentiated()).isEqualTo(expected != null);
              if (expected != null) {
                assertClose("operand " + position, operand.requiredGradient(), expected);
              }
            });
  }

  private static void assertClose(String what, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    assertThat(actual.toFloats()).as(what).containsExactly(expected.toFloats(), TOLERANCE);
  }
}
