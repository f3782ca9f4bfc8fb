package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlyStopTest {
  private static final Graph MLP = Models.mlp(20, 16, 5);
  private static final Samples DATA = Samples.prototypes(96, 5, 20);
  private static final String PLAIN = "epochs: %d, batch: 32, learning-rate: 0.01";

  /** Recovers with these scores of the epochs, and says how many there were. */
  private static Map<String, Tensor> run(
      String settings, AtomicInteger epochs, List<Double> scores) {
    Iterator<Double> next = scores.iterator();
    try (Recovery recovery =
        new Recovery(MLP, Task.CLASSIFICATION, TestPolicies.recover(settings), 1)) {
      Recovered recovered =
          recovery.run(
              Recovered.of(MLP.initializers(), Set.of("fc1.weight")),
              Map.of(),
              DATA,
              1,
              weights -> {
                epochs.incrementAndGet();
                return next.next();
              },
              n -> {});
      return merged(recovered);
    }
  }

  private static Map<String, Tensor> merged(Recovered recovered) {
    Map<String, Tensor> all = new HashMap<>(recovered.weights());
    recovered.movement().forEach((name, tensor) -> all.put("movement of " + name, tensor));
    return all;
  }

  private static Map<String, Tensor> after(int epochs) {
    return run(PLAIN.formatted(epochs), new AtomicInteger(), List.of());
  }

  private static void requireSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
    expected.forEach(
        (name, tensor) -> assertThat(found.get(name).bytes()).as(name).isEqualTo(tensor.bytes()));
  }

  @Test
  void shouldKeepTheBestEpochWhenPatienceEnds() {
    AtomicInteger epochs = new AtomicInteger();

    Map<String, Tensor> kept =
        run(PLAIN.formatted(9) + ", early-stop: 2", epochs, Arrays.asList(1.0, 3.0, 2.0, 3.0));

    assertThat(epochs).hasValue(4);
    requireSame(kept, after(2));
  }

  @Test
  void shouldGoOnWhileEpochsImproveInTime() {
    AtomicInteger epochs = new AtomicInteger();

    Map<String, Tensor> kept =
        run(PLAIN.formatted(4) + ", early-stop: 2", epochs, Arrays.asList(-5.0, -6.0, -4.0, -3.0));

    assertThat(epochs).hasValue(4);
    requireSame(kept, after(4));
  }

  @Test
  void shouldKeepTheBestEpochWhenAllAreTrained() {
    AtomicInteger epochs = new AtomicInteger();

    Map<String, Tensor> kept =
        run(PLAIN.formatted(3) + ", early-stop: 1000", epochs, Arrays.asList(2.0, 1.0, 0.0));

    assertThat(epochs).hasValue(3);
    requireSame(kept, after(1));
  }
}
