package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Criterion;
import dev.espalier.engine.score.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
  private final Criterion magnitude =
      Criterion.of(Policy.Criterion.MAGNITUDE, TestPolicies.policy(""));

  @Test
  void shouldRemoveTheSmallestMagnitudesWhenGlobal() {
    Mask a = Mask.keepAll(4);
    Mask b = Mask.keepAll(3);
    List<Layer> layers =
        List.of(
            layer("a", 4, a, new float[] {-0.1f, 5, 0.3f, -4}),
            layer("b", 3, b, new float[] {0.2f, -0.05f, 9}));

    Selection.of(Policy.Scope.GLOBAL, layers).removeUntil(layers, 3);

    assertThat(kept(a)).containsExactly(1, 2, 3);
    assertThat(kept(b)).containsExactly(2);
  }

  @Test
  void shouldGoByPositionWhenScoresTie() {
    Mask mask = Mask.keepAll(6);

    List<Layer> layers = List.of(layer("a", 6, mask, new float[] {1, -1, 2, 1, -1, 1}));
    Selection.of(Policy.Scope.GLOBAL, layers).removeUntil(layers, 3);

    assertThat(kept(mask)).containsExactly(2, 4, 5);
  }

  @Test
  void shouldGiveTheDifferenceToOthersWhenALayerIsCapped() {
    Mask small = Mask.keepAll(4);
    Mask large = Mask.keepAll(4);
    List<Layer> layers =
        List.of(
            layer("small", 1, small, new float[] {0.1f, 0.2f, 0.3f, 0.4f}),
            layer("large", 4, large, new float[] {5, 6, 7, 8}));

    Selection.of(Policy.Scope.GLOBAL, layers).removeUntil(layers, 3);

    assertThat(kept(small)).containsExactly(1, 2, 3);
    assertThat(kept(large)).containsExactly(2, 3);
  }

  @Test
  void shouldReachTheSameSparsityInEveryLayerWhenUniform() {
    Mask a = Mask.keepAll(10);
    Mask b = Mask.keepAll(100);
    List<Layer> layers = List.of(random("a", 10, a, 1), random("b", 100, b, 2));

    Selection.of(Policy.Scope.LAYER, layers).removeUntil(layers, 77);

    assertThat(a.keptCount()).isEqualTo(3);
    assertThat(b.keptCount()).isEqualTo(30);
  }

  @Test
  void shouldKeepInProportionToTheDimensionsWhenErdosRenyiKernel() {
    Mask small = Mask.keepAll(40);
    Mask large = Mask.keepAll(1_000);
    List<Layer> layers =
        List.of(
            new Layer("small", random("small", 40, small, 1).tensors(), 4 + 10, 39),
            new Layer("large", random("large", 1_000, large, 2).tensors(), 10 + 100, 999));

    Selection.of(Policy.Scope.ERK, layers).removeUntil(layers, 1_040 - 62);

    // ε = 62 / (14 + 110) = 1/2
    assertThat(small.keptCount()).isEqualTo(7);
    assertThat(large.keptCount()).isEqualTo(55);
  }

  @Test
  void shouldKeepAllOfASmallLayerWhenErdosRenyiKernelWouldKeepMore() {
    Mask small = Mask.keepAll(10);
    Mask large = Mask.keepAll(1_000);
    List<Layer> layers =
        List.of(
            new Layer("small", random("small", 10, small, 1).tensors(), 11, 10),
            new Layer("large", random("large", 1_000, large, 2).tensors(), 110, 999));

    Selection.of(Policy.Scope.ERK, layers).removeUntil(layers, 510);

    assertThat(small.keptCount()).isEqualTo(10);
    assertThat(large.keptCount()).isEqualTo(490);
  }

  @Test
  void shouldRefuseNamingTheLayerWhenItWouldEmpty() {
    List<Layer> layers =
        List.of(
            layer("tiny", 2, Mask.keepAll(2), new float[] {0.1f, 0.2f}),
            layer("big", 3, Mask.keepAll(3), new float[] {5, 6, 7}));

    assertThatThrownBy(() -> Selection.of(Policy.Scope.GLOBAL, layers).removeUntil(layers, 3))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("'tiny'");
  }

  @ParameterizedTest
  @EnumSource(Policy.Scope.class)
  void shouldRefuseWithTheNumberWhenCapsForbidTheTarget(Policy.Scope scope) {
    List<Layer> layers =
        List.of(new Layer("a", random("a", 10, Mask.keepAll(10), 1).tensors(), 10, 5));

    assertThatThrownBy(() -> Selection.of(scope, layers).removeUntil(layers, 6))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("allow 5 of 10");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldAgreeWithSortingWhenGlobalAndCapped(long seed) {
    Random random = new Random(seed);
    List<Layer> layers = new ArrayList<>();
    List<Mask> masks = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int l = 0; l < 5; l++) {
      int size = 1 + random.nextInt(9_000);
      float[] weights = new float[size];
      for (int i = 0; i < size; i++) {
        // Few distinct values in some layers, so that there are many ties; some zeros and -0.
        weights[i] = l % 2 == 0 ? (random.nextInt(7) - 3) / 4f : (float) random.nextGaussian();
      }
      Mask mask = Mask.ofNonZero(Weights.of(Tensor.of(weights, size)));
      values.add(weights);
      masks.add(mask);
      layers.add(layer("l" + l, size - size / (2 + l), mask, weights));
    }
    long gone = layers.stream().mapToLong(Layer::removed).sum();
    long possible = gone + layers.stream().mapToLong(Layer::removable).sum();
    for (long total : new long[] {gone, gone + 1, (gone + possible) / 2, possible}) {
      List<Mask> expected = sorted(values, masks, layers, total);

      Selection.of(Policy.Scope.GLOBAL, layers).removeUntil(layers, total);

      assertThat(layers.stream().mapToLong(Layer::removed).sum()).isEqualTo(total);
      for (int l = 0; l < masks.size(); l++) {
        assertThat(masks.get(l).words()).isEqualTo(expected.get(l).words());
      }
    }
  }

  /** The definition: ascending by magnitude, then position; a layer at its cap is passed over. */
  private static List<Mask> sorted(
      List<float[]> values, List<Mask> masks, List<Layer> layers, long total) {
    record Weight(int layer, int position, float magnitude) {}
    List<Weight> all = new ArrayList<>();
    long[] room = new long[layers.size()];
    long left = total;
    for (int l = 0; l < layers.size(); l++) {
      room[l] = layers.get(l).removable();
      left -= layers.get(l).removed();
      for (int i = 0; i < values.get(l).length; i++) {
        if (masks.get(l).kept(i)) {
          all.add(new Weight(l, i, Math.abs(values.get(l)[i])));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Weight::magnitude));
    List<Mask> expected = new ArrayList<>(masks.stream().map(Mask::copy).toList());
    for (Weight weight : all) {
      if (left > 0 && room[weight.layer()] > 0) {
        expected.get(weight.layer()).remove(weight.position());
        room[weight.layer()]--;
        left--;
      }
    }
    return expected;
  }

  @ParameterizedTest
  @EnumSource(Policy.Scope.class)
  void shouldOnlyEverLoseWeightsWhenTheTargetRises(Policy.Scope scope) {
    Mask mask = Mask.keepAll(5_000);
    Criterion control = Criterion.of(Policy.Criterion.RANDOM, TestPolicies.policy("seed: 3"));
    float[] weights = new float[5_000];
    Layer layer =
        new Layer(
            "a",
            List.of(
                new Candidates(
                    control.score(0, Weights.of(Tensor.of(weights, 5_000)), null), mask)),
            5_000,
            4_900);
    long[] before = mask.words();
    for (int total : new int[] {10, 2_500, 2_000, 4_900}) {
      Selection.of(scope, List.of(layer)).removeUntil(List.of(layer), total);
      long[] after = mask.words();
      for (int w = 0; w < after.length; w++) {
        assertThat(after[w] & ~before[w]).isZero();
      }
      before = after;
    }
    assertThat(mask.keptCount()).isEqualTo(100);
  }

  /** Odd places are no candidates; the second layer may lose two of its four. */
  @ParameterizedTest
  @EnumSource(Policy.Scope.class)
  void shouldRemoveAllCandidatesWhenTheyAreFewerThanAskedFor(Policy.Scope scope) {
    Mask first = Mask.keepAll(100);
    Mask second = Mask.keepAll(8);
    List<Layer> layers = List.of(everySecond("a", first, 98), everySecond("b", second, 2));

    Selection.of(scope, layers).removeUntil(layers, 20);
    assertThat(first.keptCount() + second.keptCount()).isEqualTo(88);
    Selection.of(scope, layers).removeUntil(layers, 90);

    assertThat(first.keptCount()).isEqualTo(50);
    assertThat(second.keptCount()).isEqualTo(6);
    for (int i = 1; i < 100; i += 2) {
      assertThat(first.kept(i)).isTrue();
    }
    assertThat(second.kept(0)).isFalse();
    assertThat(second.kept(2)).isFalse();
  }

  private static Layer everySecond(String name, Mask mask, long mostRemoved) {
    Scores scores =
        new Scores() {
          @Override
          public int size() {
            return mask.size();
          }

          @Override
          public boolean selective() {
            return true;
          }

          @Override
          public void keys(int from, int count, int[] into) {
            for (int i = 0; i < count; i++) {
              into[i] = (from + i) % 2 == 0 ? from + i : NO_CANDIDATE;
            }
          }
        };
    return new Layer(name, List.of(new Candidates(scores, mask)), mask.size(), mostRemoved);
  }

  private Layer layer(String name, long mostRemoved, Mask mask, float[] weights) {
    Tensor tensor = Tensor.of(weights, weights.length);
    return new Layer(
        name,
        List.of(new Candidates(magnitude.score(0, Weights.of(tensor), null), mask)),
        weights.length,
        mostRemoved);
  }

  private Layer random(String name, int size, Mask mask, long seed) {
    Random random = new Random(seed);
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return layer(name, size, mask, weights);
  }

  private static List<Integer> kept(Mask mask) {
    return IntStream.range(0, mask.size()).filter(mask::kept).boxed().toList();
  }
}
