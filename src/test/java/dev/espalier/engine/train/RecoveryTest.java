package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Recover.Optimizer;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.Mask;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecoveryTest {
  private static final Graph MLP = Models.mlp(20, 32, 5);
  private static final Samples DATA = Samples.prototypes(403, 5, 20);

  private static Map<String, Tensor> recover(
      Graph graph, Optimizer optimizer, double rate, Map<String, Mask> masks, long seed) {
    return recover(
        graph,
        TestPolicies.recover(
            "epochs: 3, optimizer: %s, learning-rate: %s, batch: 32"
                .formatted(optimizer.name().toLowerCase(Locale.ROOT), rate)),
        masks,
        seed);
  }

  private static Map<String, Tensor> recover(
      Graph graph, Policy.Recover settings, Map<String, Mask> masks, long seed) {
    try (Recovery recovery = new Recovery(graph, Task.CLASSIFICATION, settings, 1)) {
      return recovery.run(graph.initializers(), masks, DATA, seed, n -> {});
    }
  }

  private static Mask half(Tensor tensor) {
    Mask mask = Mask.keepAll(tensor.size());
    Random random = new Random(3);
    for (int i = 0; i < tensor.size(); i++) {
      if (random.nextBoolean()) {
        mask.remove(i);
      }
    }
    return mask;
  }

  private static double accuracy(Graph graph, Map<String, Tensor> weights) {
    return Losses.of(graph.with(weights), DATA).accuracy();
  }

  @ParameterizedTest
  @EnumSource
  void shouldKeepRemovedWeightsAtPositiveZeroWhenTrained(Optimizer optimizer) {
    Map<String, Mask> masks =
        Map.of(
            "fc1.weight", half(MLP.initializers().get("fc1.weight")),
            "fc2.weight", half(MLP.initializers().get("fc2.weight")));

    Map<String, Tensor> recovered = recover(MLP, optimizer, 0.01, masks, 1);

    masks.forEach(
        (name, mask) -> {
          float[] values = recovered.get(name).toFloats();
          for (int i = 0; i < values.length; i++) {
            if (mask.kept(i)) {
              assertThat(values[i]).isNotZero();
            } else {
              assertThat(Float.floatToRawIntBits(values[i])).isZero();
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void shouldLearnWhenHalfTheWeightsAreGone(Optimizer optimizer) {
    Map<String, Mask> masks = Map.of("fc1.weight", half(MLP.initializers().get("fc1.weight")));

    Map<String, Tensor> recovered = recover(MLP, optimizer, 0.01, masks, 1);

    assertThat(accuracy(MLP, MLP.initializers())).isLessThan(0.6);
    assertThat(accuracy(MLP, recovered)).isGreaterThan(0.95);
  }

  @Test
  void shouldLeaveItsArgumentsUntouchedWhenRun() {
    Map<String, float[]> before = new HashMap<>();
    MLP.initializers().forEach((name, tensor) -> before.put(name, tensor.toFloats()));

    recover(MLP, Optimizer.ADAM, 0.01, Map.of(), 1);

    before.forEach(
        (name, values) -> assertThat(MLP.initializers().get(name).toFloats()).isEqualTo(values));
  }

  @Test
  void shouldGiveTheSameBitsWhenRunAgainFromTheSameState() {
    Graph cnn = Models.tinyCnn();
    Samples images = Samples.prototypes(70, 3, 1, 8, 8);
    var settings =
        TestPolicies.recover("epochs: 2, optimizer: adam, learning-rate: 0.01, batch: 32");
    Map<String, Mask> masks = Map.of("conv1.weight", half(cnn.initializers().get("conv1.weight")));

    try (Recovery once = new Recovery(cnn, Task.CLASSIFICATION, settings, 1);
        Recovery resumed = new Recovery(cnn, Task.CLASSIFICATION, settings, 1)) {
      Map<String, Tensor> checkpoint = once.run(cnn.initializers(), masks, images, 1, n -> {});
      Map<String, Tensor> straight = once.run(checkpoint, masks, images, 2, n -> {});
      Map<String, Tensor> again = resumed.run(checkpoint, masks, images, 2, n -> {});
      Map<String, Tensor> reseeded = resumed.run(checkpoint, masks, images, 3, n -> {});

      straight.forEach(
          (name, tensor) -> assertThat(again.get(name).bytes()).isEqualTo(tensor.bytes()));
      assertThat(reseeded.get("fc.weight").bytes()).isNotEqualTo(again.get("fc.weight").bytes());
    }
  }

  @Test
  void shouldZeroRemovedWeightsWhenThereIsNothingToTrainFor() {
    Map<String, Mask> masks = Map.of("fc1.weight", half(MLP.initializers().get("fc1.weight")));

    Map<String, Tensor> weights =
        recover(MLP, TestPolicies.recover("epochs: 0, batch: 32"), masks, 1);

    assertThat(Mask.ofNonZero(Weights.of(weights.get("fc1.weight"))).words())
        .isEqualTo(masks.get("fc1.weight").words());
  }

  @Test
  void shouldCountEverySampleOnceAnEpochWhenTheLastBatchIsPartial() {
    AtomicLong worked = new AtomicLong();
    var settings =
        TestPolicies.recover("epochs: 3, optimizer: sgd, learning-rate: 0.01, batch: 32");
    try (Recovery recovery = new Recovery(MLP, Task.CLASSIFICATION, settings, 1)) {
      recovery.run(MLP.initializers(), Map.of(), DATA, 1, worked::addAndGet);
    }
    assertThat(worked).hasValue(3L * DATA.samples());
  }

  @Test
  void shouldStopWithoutResultWhenTheLossDiverges() {
    Tensor huge = Tensor.of(new float[20], 20);
    huge.floats().put(0, Float.MAX_VALUE);
    Samples data = new Samples(huge.reshaped(1, 20), Tensor.of(new long[] {0}, 1));
    var settings = TestPolicies.recover("epochs: 5, optimizer: sgd, learning-rate: 1.0, batch: 32");
    try (Recovery recovery = new Recovery(MLP, Task.CLASSIFICATION, settings, 1)) {
      assertThatThrownBy(() -> recovery.run(MLP.initializers(), Map.of(), data, 1, n -> {}))
          .isInstanceOf(RecoveryDiverged.class);
    }
  }

  @Test
  void shouldRefuseWhenALabelIsNoClassOfTheModel() {
    Samples data = new Samples(DATA.x().slice(0, 1, 20), Tensor.of(new long[] {5}, 1));
    var settings = TestPolicies.recover("epochs: 1, optimizer: sgd, learning-rate: 0.1, batch: 32");
    try (Recovery recovery = new Recovery(MLP, Task.CLASSIFICATION, settings, 1)) {
      assertThatThrownBy(() -> recovery.run(MLP.initializers(), Map.of(), data, 1, n -> {}))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("label 5");
    }
  }
}
