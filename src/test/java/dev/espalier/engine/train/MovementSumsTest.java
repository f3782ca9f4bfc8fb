package dev.espalier.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MovementSumsTest {
  /** One sample: the number 1, of which the model should say 0 and 3. */
  private static final BatchSource DATA =
      new BatchSource() {
        @Override
        public Task task() {
          return Task.REGRESSION;
        }

        @Override
        public int samples() {
          return 1;
        }

        @Override
        public Batch batch(int... indices) {
          return new Batch(
              Map.of("x", Tensor.of(new float[] {1}, 1, 1)), Tensor.of(new float[] {0, 3}, 1, 2));
        }
      };

  private static final Graph GRAPH =
      Models.of(1)
          .dense("fc", 1, 2)
          .build()
          .with(
              Map.of(
                  "fc.weight", Tensor.of(new float[] {1, 1}, 2, 1),
                  "fc.bias", Tensor.of(new float[] {0, 0}, 2)));

  private static Recovered recover(int epochs, Recovered start) {
    Policy.Recover settings =
        TestPolicies.recover(
            "optimizer: sgd, momentum: 0, learning-rate: 0.1, clip-norm: 100, epochs: " + epochs);
    try (Recovery recovery = new Recovery(GRAPH, Task.REGRESSION, settings, 1)) {
      return recovery.run(start, Map.of(), DATA, 1, weights -> 0, n -> {});
    }
  }

  /**
   * With w = (1, 1) and b = (0, 0) the gradient of both is (1, -2): g·w = (1, -2). Then w = (0.9,
   * 1.2) and b = (-0.1, 0.2), the gradient (0.8, -1.6) and g·w = (0.72, -1.92).
   */
  @Test
  void shouldSumGradientTimesWeightOverTheUpdates() {
    Recovered start = Recovered.of(GRAPH.initializers(), Set.of("fc.weight"));

    assertThat(recover(1, start).movement().get("fc.weight").toFloats())
        .containsExactly(new float[] {1, -2}, within(1e-6f));
    assertThat(recover(2, start).movement().get("fc.weight").toFloats())
        .containsExactly(new float[] {1.72f, -3.92f}, within(1e-6f));
  }

  @Test
  void shouldGoOnFromEarlierSums() {
    Recovered start = Recovered.of(GRAPH.initializers(), Set.of("fc.weight"));

    Recovered resumed = recover(1, recover(1, start));

    assertThat(resumed.movement().get("fc.weight").toFloats())
        .containsExactly(new float[] {1.72f, -3.92f}, within(1e-6f));
    assertThat(start.movement().get("fc.weight").toFloats()).containsOnly(0f);
  }

  @Test
  void shouldFollowNothingUnlessAsked() {
    assertThat(recover(1, new Recovered(GRAPH.initializers())).movement()).isEmpty();
  }
}
