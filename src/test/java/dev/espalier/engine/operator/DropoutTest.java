package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final int SIZE = 100_000;

  private static Operator.Computed dropout(float ratio) {
    Node node = new Node("drop", "Dropout", List.of("x", "ratio"), List.of("y"), Map.of());
    Map<String, Tensor> constants = Map.of("ratio", Tensor.of(new float[] {ratio}));
    return (Operator.Computed) Operators.of(new Site(node, 17, constants));
  }

  private static float[] play(float ratio, long seed) {
    Value x = Value.allocate(true, SIZE);
    Value y = Value.allocate(true, SIZE);
    float[] ones = new float[SIZE];
    Arrays.fill(ones, 1f);
    x.data().floats().put(ones);
    y.requiredGradient().floats().put(ones);
    Step step = dropout(ratio).bind(List.of(x), y);
    step.forward(new SplittableRandom(seed));
    step.backward();
    assertThat(x.requiredGradient().toFloats()).isEqualTo(y.data().toFloats());
    return y.data().toFloats();
  }

  @Test
  void shouldKeepTheMeanWhenElementsAreDropped() {
    float[] y = play(0.25f, 1);
    double sum = 0;
    int zeros = 0;
    for (float value : y) {
      sum += value;
      zeros += value == 0 ? 1 : 0;
    }
    // Five standard deviations of a binomial with n = 100,000 and p = 1/4.
    assertThat(zeros / (double) SIZE).isCloseTo(0.25, within(0.007));
    assertThat(sum / SIZE).isCloseTo(1, within(0.01));
  }

  @Test
  void shouldDropTheSameElementsOnlyWhenTheSeedIsTheSame() {
    assertThat(play(0.5f, 1)).isEqualTo(play(0.5f, 1)).isNotEqualTo(play(0.5f, 2));
  }

  @Test
  void shouldChangeNothingWhenTheRatioIsZero() {
    assertThat(play(0f, 1)).containsOnly(1f);
  }

  @Test
  void shouldBeRefusedWhenTheRatioDropsEverything() {
    assertThatThrownBy(() -> dropout(1f))
        .isInstanceOf(Untrainable.class)
        .hasMessageContaining("'drop'");
  }
}
