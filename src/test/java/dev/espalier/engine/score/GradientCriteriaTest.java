package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCriteriaTest {
  /** Products g·w: -6, 2, 0.5, 0, -0.25, 8. */
  private static final float[] WEIGHTS = {3, -1, 0.5f, 4, -0.125f, 2};

  private static final float[] GRADIENT = {-2, -2, 1, 0, 2, 4};

  /** Places from the first to be removed to the last. */
  @ParameterizedTest
  @CsvSource({
    "TAYLOR, 3 4 2 1 0 5",
    "SNIP, 3 4 2 1 0 5",
    "TAYLOR_SIGNED, 5 1 2 3 4 0",
    "GRADIENT_SIGN, 4 2 5"
  })
  void shouldRankTheExampleAsComputedByHand(Policy.Criterion name, String order) {
    assertThat(removed(name, Policy.Sign.POSITIVE, WEIGHTS, GRADIENT)).isEqualTo(places(order));
  }

  @ParameterizedTest
  @CsvSource({"POSITIVE, 4 2 5", "NEGATIVE, 1 0", "ANY, 4 2 1 5 0 3"})
  void shouldTakeCandidatesOfTheChosenSignOnly(Policy.Sign sign, String order) {
    assertThat(removed(Policy.Criterion.GRADIENT_SIGN, sign, WEIGHTS, GRADIENT))
        .isEqualTo(places(order));
  }

  @ParameterizedTest
  @EnumSource(
      value = Policy.Criterion.class,
      names = {"TAYLOR", "SNIP"})
  void shouldNotLoseTinyProductsWhenTheirSquaresUnderflow(Policy.Criterion name) {
    float[] weights = {1e-15f, 2e-15f, -1e-30f, 1e-30f, 0};
    float[] gradient = {1e-15f, 1e-15f, 1e-30f, 0, 1e30f};

    assertThat(removed(name, Policy.Sign.ANY, weights, gradient)).isEqualTo(places("3 4 2 0 1"));
  }

  @Test
  void shouldKeepTheSignOfProductsThatAFloatCannotHold() {
    float[] weights = {-1e-30f, 1e-30f, 1, 1e30f, -1e30f, -0f};
    float[] gradient = {1e-30f, 1e-30f, 0, 1e30f, 1e30f, 1};

    assertThat(removed(Policy.Criterion.TAYLOR_SIGNED, Policy.Sign.ANY, weights, gradient))
        .isEqualTo(places("3 1 2 5 0 4"));
  }

  @Test
  void shouldAskForGradientsOnlyWhereTheScoreDependsOnThem() {
    assertThat(
            Stream.of("magnitude", "lamp", "random", "wanda", "taylor", "taylor-signed", "snip")
                .filter(name -> named(name).need().isOfGradients()))
        .containsExactly("taylor", "taylor-signed", "snip");
    assertThat(new GradientSign(Policy.Sign.POSITIVE).need()).isEqualTo(Need.GRADIENTS);
    assertThat(new GradientSign(Policy.Sign.ANY).need()).isEqualTo(Need.NOTHING);
  }

  private static Criterion named(String name) {
    Policy policy = TestPolicies.policy("criterion: " + name);
    return Criterion.of(policy.criterion(), policy);
  }

  @Test
  void shouldNotScoreWithoutTheGradientsItNeeds() {
    Weights weights = Weights.of(Tensor.of(WEIGHTS, WEIGHTS.length));

    assertThatThrownBy(() -> new Taylor().score(0, weights, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Integer> removed(
      Policy.Criterion name, Policy.Sign sign, float[] weights, float[] gradient) {
    int n = weights.length;
    Tensor w = Tensor.of(weights, n);
    Policy policy =
        TestPolicies.policy(
            "criterion: gradient-sign, sign: " + sign.name().toLowerCase(Locale.ROOT));
    Scores scores =
        Criterion.of(name, policy)
            .score(0, Weights.of(w), new Sensitivity(w, Tensor.of(gradient, n)));
    int[] keys = new int[n];
    scores.keys(0, n, keys);
    int[] tail = new int[n - 2];
    scores.keys(2, n - 2, tail);
    assertThat(tail).isEqualTo(Arrays.copyOfRange(keys, 2, n));
    return IntStream.range(0, n)
        .boxed()
        .filter(i -> !scores.selective() || keys[i] != Scores.NO_CANDIDATE)
        .sorted(Comparator.comparingLong(i -> Integer.toUnsignedLong(keys[i])))
        .toList();
  }

  private static List<Integer> places(String order) {
    return Arrays.stream(order.split(" ")).map(Integer::valueOf).toList();
  }
}
