package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperatorGradientTest {
  private static final Offset<Float> TOLERANCE = within(1e-4f);

  /** Half the distance of a central difference. */
  private static final float H = 0x1p-7f;

  @BeforeAll
  static void useOneThread() {
    Native.useThreads(1);
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.OperatorCase#all")
  void shouldGivePyTorchsResultWhenPlayedForwards(OperatorCase operator) {
    assertClose(operator.forward(), operator.expectedResults());
    assertClose(operator.fixed().stream().map(Value::data).toList(), operator.expectedFixed());
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.OperatorCase#all")
  void shouldGivePyTorchsGradientsWhenPlayedBackwards(OperatorCase operator) {
    operator.forward();
    operator.backward();

    assertClose(gradients(operator), operator.expectedGradients());
  }

  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.OperatorCase#all")
  void shouldGiveTheSameGradientsWhenPlayedAgain(OperatorCase operator) {
    operator.forward();
    operator.backward();
    operator.forward();
    operator.backward();

    assertClose(gradients(operator), operator.expectedGradients());
  }

  private static List<Tensor> gradients(OperatorCase operator) {
    return operator.operands().stream().map(Value::requiredGradient).toList();
  }

  /**
   * (f(x+h) − f(x−h)) / 2h equals the derivative up to h²·f‴/6, here below 6e-5·f‴, and rounding:
   * objectives of magnitude 10 in float arithmetic are off by about 1e-6, divided by 2h 1e-4. Hence
   * 2e-3, relative for slopes above 1. Elements within h of a kink (ReLU at 0, a tie under a
   * maximum) have no derivative to compare with; the second difference, near 0 elsewhere, finds
   * them.
   */
  @ParameterizedTest
  @MethodSource("dev.espalier.engine.operator.OperatorCase#all")
  void shouldAgreeWithFiniteDifferencesWhenPlayedBackwards(OperatorCase operator) {
    operator.forward();
    operator.backward();
    int compared = 0;
    int elements = 0;
    for (Value operand : operator.operands()) {
      FloatBuffer x = operand.data().floats();
      for (int i = 0; i < x.capacity(); i++) {
        float value = x.get(i);
        double middle = operator.objective();
        x.put(i, value + H);
        double above = operator.objective();
        x.put(i, value - H);
        double below = operator.objective();
        x.put(i, value);
        elements++;
        if (Math.abs(above - 2 * middle + below) < 2 * H * 1e-2) {
          double slope = (above - below) / (2 * H);
          assertThat((double) operand.requiredGradient().floats().get(i))
              .isCloseTo(slope, within(2e-3 * Math.max(1, Math.abs(slope))));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(elements * 8 / 10);
  }

  private static void assertClose(List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertClose(actual.get(i), expected.get(i));
    }
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toFloats()).containsExactly(expected.toFloats(), TOLERANCE);
  }
}
