package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Criterion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundedSelectionTest {
  private final List<Mask> masks = new ArrayList<>();

  @Test
  void shouldKeepMultiplesAndNeverRemoveMoreThanAskedFor() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      masks.clear();
      int multiple = 1 + random.nextInt(8);
      int[] sizes = IntStream.range(0, 5).map(i -> 1 + random.nextInt(40)).toArray();
      List<Layer> layers = layers(random, sizes);
      long all = IntStream.of(sizes).sum();
      long total = random.nextInt((int) all - sizes.length);

      global(layers, multiple).removeUntil(layers, Math.min(total, possible(sizes)));

      long removed = masks.stream().mapToLong(m -> m.size() - m.keptCount()).sum();
      assertThat(removed).isLessThanOrEqualTo(total);
      boolean more = false;
      for (Mask mask : masks) {
        boolean whole = mask.keptCount() == mask.size();
        assertThat(whole || mask.keptCount() % multiple == 0).isTrue();
        long left = total - removed;
        int next = mask.keptCount() % multiple == 0 ? multiple : mask.keptCount() % multiple;
        more |= mask.keptCount() > next && next <= left;
      }
      assertThat(more).as("whether another multiple would have fitted").isFalse();
    }
  }

  @Test
  void shouldRoundWhereMostIsLeftOver() {
    // The seven lowest are 5 of the first layer and 2 of the second: kept 3 and 6, rounded 4 and 8.
    List<Layer> layers =
        List.of(
            layer(new float[] {1, 1, 1, 1, 1, 9, 9, 9}),
            layer(new float[] {1, 1, 9, 9, 9, 9, 9, 9}));

    global(layers, 4).removeUntil(layers, 7);

    assertThat(masks.get(0).keptCount()).isEqualTo(4);
    assertThat(masks.get(1).keptCount()).isEqualTo(8);
  }

  @Test
  void shouldReachTheTargetExactlyWhenMultiplesFitIt() {
    List<Layer> layers =
        List.of(
            layer(new float[] {1, 1, 1, 1, 1, 9, 9, 9}),
            layer(new float[] {1, 1, 1, 9, 9, 9, 9, 9}));

    global(layers, 4).removeUntil(layers, 8);

    assertThat(masks.get(0).keptCount()).isEqualTo(4);
    assertThat(masks.get(1).keptCount()).isEqualTo(4);
  }

  @Test
  void shouldStartFromAMultipleWhenTheLayerIsNone() {
    List<Layer> layers = List.of(layer(new float[] {5, 4, 3, 2, 1, 9, 9, 9, 9, 9}));

    global(layers, 8).removeUntil(layers, 3);

    assertThat(IntStream.range(0, 10).filter(masks.get(0)::kept))
        .containsExactly(0, 1, 2, 5, 6, 7, 8, 9);
  }

  @Test
  void shouldLeaveALayerAloneWhenItIsSmallerThanTheMultiple() {
    List<Layer> layers = List.of(layer(new float[] {1, 1, 1, 1}), layer(new float[32]));

    global(layers, 8).removeUntil(layers, 20);

    assertThat(masks.get(0).keptCount()).isEqualTo(4);
    assertThat(masks.get(1).keptCount()).isEqualTo(16);
  }

  private static Selection global(List<Layer> layers, int multiple) {
    return Selection.of(Policy.Scope.GLOBAL, layers).inMultiplesOf(multiple);
  }

  private static long possible(int... sizes) {
    return IntStream.of(sizes).mapToLong(size -> size - 1).sum();
  }

  private List<Layer> layers(Random random, int... sizes) {
    List<Layer> layers = new ArrayList<>();
    for (int size : sizes) {
      float[] weights = new float[size];
      for (int i = 0; i < size; i++) {
        weights[i] = (float) random.nextGaussian();
      }
      layers.add(layer(weights));
    }
    return layers;
  }

  private Layer layer(float[] weights) {
    Mask mask = Mask.keepAll(weights.length);
    masks.add(mask);
    Criterion magnitude = Criterion.of(Policy.Criterion.MAGNITUDE, TestPolicies.policy(""));
    return new Layer(
        "layer",
        List.of(
            new Candidates(
                magnitude.score(0, Weights.of(Tensor.of(weights, weights.length)), null), mask)),
        weights.length,
        weights.length - 1);
  }
}
