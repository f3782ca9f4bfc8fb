package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.ChannelPart.Role;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four channels: a kernel [4, 2], a bias, a batch normalisation's scale, and a kernel [2, 4] that
 * reads them.
 *
 * <pre>
 * channel       0        1        2       3
 * filter      3, -4    0, 2     1, 1    -6, 0
 * bias          1        0       -1       2
 * scale        0.5       2       -1      0.1
 * read by     1, 1     0, 1    -2, 0    0.5, 0
 * </pre>
 */
class ChannelCriteriaTest {
  private static final Tensor FILTER = Tensor.of(new float[] {3, -4, 0, 2, 1, 1, -6, 0}, 4, 2);
  private static final Tensor BIAS = Tensor.of(new float[] {1, 0, -1, 2}, 4);
  private static final Tensor SCALE = Tensor.of(new float[] {0.5f, 2, -1, 0.1f}, 4);
  private static final Tensor READER = Tensor.of(new float[] {1, 0, -2, 0.5f, 1, 1, 0, 0}, 2, 4);
  private static final IntPredicate ALL = channel -> true;

  /** 3+4+1+0.5+1+1 = 10.5, 2+2+1 = 5, 2+1+1+2 = 6, 6+2+0.1+0.5 = 8.6; their mean is 7.525. */
  @ParameterizedTest
  @EnumSource(names = {"FILTER_L1", "MAGNITUDE"})
  void shouldSumAllThatBelongsToAChannelWhenL1(Criterion name) {
    assertThat(scores(name, group(ALL)))
        .usingElementComparator(nearly())
        .containsExactly(10.5f / 7.525f, 5 / 7.525f, 6 / 7.525f, 8.6f / 7.525f);
  }

  /** Squares: 9+16+1+0.25+2 = 28.25, 4+4+1 = 9, 2+1+1+4 = 8, 36+4+0.01+0.25 = 40.26. */
  @Test
  void shouldTakeTheRootOfAllSquaresWhenL2() {
    double mean = (Math.sqrt(28.25) + 3 + Math.sqrt(8) + Math.sqrt(40.26)) / 4;

    assertThat(scores(Criterion.FILTER_L2, group(ALL)))
        .usingElementComparator(nearly())
        .containsExactly(
            (float) (Math.sqrt(28.25) / mean),
            (float) (3 / mean),
            (float) (Math.sqrt(8) / mean),
            (float) (Math.sqrt(40.26) / mean));
  }

  @Test
  void shouldDivideBySquaresNotSmallerWhenLamp() {
    assertThat(scores(Criterion.LAMP, group(ALL)))
        .usingElementComparator(nearly())
        .containsExactly(28.25f / 68.51f, 9 / 77.51f, 8 / 85.51f, 1f);
  }

  @Test
  void shouldCompareWithTheMeanOfThoseKeptWhenSomeAreGone() {
    float[] relative = scores(Criterion.FILTER_L1, group(channel -> channel != 0));

    assertThat(relative[1] + relative[2] + relative[3]).isCloseTo(3f, within(1e-6f));
  }

  @Test
  void shouldNotPreferAGroupForItsScaleWhenNormsAreCompared() {
    Channels large = group(ALL);
    Channels small =
        new Channels(4, ALL, List.of(byFirstAxis(Role.FILTER, scaled(FILTER, 1e-3f), null)));

    assertThat(scores(Criterion.FILTER_L2, small))
        .usingElementComparator(nearly())
        .containsExactly(
            scores(
                Criterion.FILTER_L2,
                new Channels(4, ALL, List.of(byFirstAxis(Role.FILTER, FILTER, null)))));
    assertThat(scores(Criterion.FILTER_L2, large)).hasSize(4);
  }

  @Test
  void shouldTakeTheScaleAloneWhenBatchNormScale() {
    assertThat(scores(Criterion.BATCH_NORM_SCALE, group(ALL))).containsExactly(0.5f, 2, 1, 0.1f);
  }

  @Test
  void shouldTakeTheMeanOfSeveralScalesWhenBatchNormScale() {
    Channels twice =
        new Channels(
            4,
            ALL,
            List.of(
                byFirstAxis(Role.SCALE, SCALE, null),
                byFirstAxis(Role.SCALE, scaled(SCALE, 3), null)));

    assertThat(scores(Criterion.BATCH_NORM_SCALE, twice))
        .usingElementComparator(nearly())
        .containsExactly(1f, 4f, 2f, 0.2f);
  }

  @Test
  void shouldLeaveAGroupAloneWhenItHasNoBatchNormalisation() {
    Channels plain = new Channels(4, ALL, List.of(byFirstAxis(Role.FILTER, FILTER, null)));
    ChannelCriterion criterion = ChannelCriterion.of(Criterion.BATCH_NORM_SCALE, 1);
    int[] keys = new int[4];
    criterion.score(0, plain).keys(0, 4, keys);

    assertThat(criterion.applies(plain)).isFalse();
    assertThat(criterion.score(0, plain).selective()).isTrue();
    assertThat(keys).containsOnly(Scores.NO_CANDIDATE);
  }

  /**
   * Filters (3,-4), (0,2), (1,1), (-6,0): distances 01 √45, 02 √29, 03 √97, 12 √2, 13 √40, 23 √50.
   */
  @Test
  void shouldSumDistancesToTheOthersWhenGeometricMedian() {
    double[] sums = {
      Math.sqrt(45) + Math.sqrt(29) + Math.sqrt(97),
      Math.sqrt(45) + Math.sqrt(2) + Math.sqrt(40),
      Math.sqrt(29) + Math.sqrt(2) + Math.sqrt(50),
      Math.sqrt(97) + Math.sqrt(40) + Math.sqrt(50)
    };
    double mean = Arrays.stream(sums).average().orElseThrow();

    assertThat(scores(Criterion.GEOMETRIC_MEDIAN, group(ALL)))
        .usingElementComparator(nearly())
        .containsExactly(
            (float) (sums[0] / mean),
            (float) (sums[1] / mean),
            (float) (sums[2] / mean),
            (float) (sums[3] / mean));
  }

  @Test
  void shouldNotMeasureDistancesToFiltersThatAreGone() {
    assertThat(order(Criterion.GEOMETRIC_MEDIAN, group(ALL))).containsExactly(2, 1, 0, 3);

    // Without 3: 0 √45+√29, 1 √45+√2, 2 √29+√2, and 3 no more.
    float[] left = scores(Criterion.GEOMETRIC_MEDIAN, group(channel -> channel != 3));
    assertThat(left[3]).isZero();
    assertThat(left[0] / left[2])
        .isCloseTo(
            (float) ((Math.sqrt(45) + Math.sqrt(29)) / (Math.sqrt(29) + Math.sqrt(2))),
            within(1e-6f));
  }

  /** g of the reading kernel 1, 2, 3, -4 and 1, -5, 0, 6: Σ g·w = 1+1, 0-5, -6+0, -2+0. */
  @Test
  void shouldAddUpWhatReadsTheChannelWhenSnip() {
    Channels group = withGradients();

    assertThat(scores(Criterion.SNIP, group)).containsExactly(2f, 5f, 6f, 2f);
    assertThat(order(Criterion.TAYLOR_SIGNED, group)).containsExactly(0, 3, 1, 2);
  }

  @Test
  void shouldTakeTheWritingWeightsWhenNothingThatReadsHasAGradient() {
    Tensor gradient = Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 4, 2);
    Channels group =
        new Channels(
            4,
            ALL,
            List.of(
                byFirstAxis(Role.FILTER, FILTER, new Sensitivity(FILTER, gradient)),
                readers(null)));

    assertThat(scores(Criterion.SNIP, group)).containsExactly(1f, 2f, 2f, 6f);
  }

  @Test
  void shouldRefuseToScoreWithoutAnyGradient() {
    assertThatThrownBy(() -> scores(Criterion.TAYLOR, group(ALL)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients");
  }

  @Test
  void shouldGiveAChannelItsRandomScoreWhateverItsWeights() {
    Channels other = new Channels(4, ALL, List.of(byFirstAxis(Role.FILTER, SCALE, null)));
    int[] keys = keys(Criterion.RANDOM, 1, 0, group(ALL));

    assertThat(keys(Criterion.RANDOM, 1, 0, other)).isEqualTo(keys);
    assertThat(keys(Criterion.RANDOM, 2, 0, other)).isNotEqualTo(keys);
    assertThat(keys(Criterion.RANDOM, 1, 1, other)).isNotEqualTo(keys);
  }

  /** A flattened map of 2 channels and 2 pixels, pixel by pixel, read by the rows of a kernel. */
  @Test
  void shouldFindAChannelAtAllItsPositionsWhenItIsSpread() {
    Tensor rows = Tensor.of(new float[] {1, 1, 10, 10, 2, 2, 20, 20}, 4, 2);
    ChannelPart part =
        new ChannelPart(Role.READER, Weights.of(rows), null, null, 4, 2, position -> position % 2);
    double[] sums = new double[2];

    part.addMagnitudes(w -> w, sums);

    assertThat(sums).containsExactly(6, 60);
  }

  @Test
  void shouldNotCountWhatBelongsToNoChannel() {
    ChannelPart part =
        new ChannelPart(Role.FILTER, Weights.of(BIAS), null, null, 4, 1, p -> p < 2 ? -1 : p - 2);
    double[] sums = new double[2];

    part.addMagnitudes(w -> w, sums);

    assertThat(sums).containsExactly(1, 2);
  }

  private static Channels group(IntPredicate kept) {
    return new Channels(
        4,
        kept,
        List.of(
            byFirstAxis(Role.FILTER, FILTER, null),
            byFirstAxis(Role.OTHER, BIAS, null),
            byFirstAxis(Role.SCALE, SCALE, null),
            readers(null)));
  }

  private static Channels withGradients() {
    Tensor gradient = Tensor.of(new float[] {1, 2, 3, -4, 1, -5, 0, 6}, 2, 4);
    Tensor ignored = Tensor.of(new float[] {9, 9, 9, 9, 9, 9, 9, 9}, 4, 2);
    return new Channels(
        4,
        ALL,
        List.of(
            byFirstAxis(Role.FILTER, FILTER, new Sensitivity(FILTER, ignored)),
            readers(new Sensitivity(READER, gradient))));
  }

  private static ChannelPart byFirstAxis(Role role, Tensor tensor, Sensitivity sensitivity) {
    int inner = tensor.size() / (int) tensor.dimension(0);
    return new ChannelPart(
        role, Weights.of(tensor), sensitivity, null, (int) tensor.dimension(0), inner, c -> c);
  }

  private static ChannelPart readers(Sensitivity sensitivity) {
    return new ChannelPart(Role.READER, Weights.of(READER), sensitivity, null, 4, 1, c -> c);
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return Tensor.of(values, tensor.shape());
  }

  private static int[] keys(Policy.Criterion name, long seed, int ordinal, Channels channels) {
    int[] keys = new int[channels.count()];
    ChannelCriterion.of(name, seed).score(ordinal, channels).keys(0, keys.length, keys);
    return keys;
  }

  /** Scores whose keys are the bits of their magnitudes. */
  private static float[] scores(Policy.Criterion name, Channels channels) {
    int[] keys = keys(name, 1, 0, channels);
    float[] scores = new float[keys.length];
    for (int i = 0; i < keys.length; i++) {
      scores[i] = Float.intBitsToFloat(keys[i]);
    }
    return scores;
  }

  /** Channels by ascending score. */
  private static int[] order(Policy.Criterion name, Channels channels) {
    int[] keys = keys(name, 1, 0, channels);
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted((a, b) -> Integer.compareUnsigned(keys[a], keys[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Comparator<Float> nearly() {
    return (a, b) -> Math.abs(a - b) <= 1e-6f * Math.abs(b) ? 0 : Float.compare(a, b);
  }
}
