package dev.espalier.engine.reconstruction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.calibration.CriterionFixture;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.score.Criterion;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconstructionTest {
  @Test
  void shouldGiveTheReferencesWeightsAndMask() throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    Calibration calibration = new Calibration(fixture.graph());
    for (JsonNode layer : fixture.layers()) {
      JsonNode expected = layer.get("obs");
      Parameter kernel = fixture.kernel(layer);
      WeightMatrix matrix = calibration.matrix(kernel);
      Weights weights = Weights.of(fixture.graph().tensor(kernel).copy());
      Mask mask = Mask.keepAll(weights.size());
      for (JsonNode gone : expected.get("masked")) {
        mask.remove(gone.asInt());
      }
      mask.applyTo(weights);
      List<DoubleBuffer> grams = fixture.run(calibration.grams(kernel, matrix.columns()), 256);

      Mask kept =
          new Reconstruction(
                  matrix, matrix.columns(), grams, expected.get("block").asInt(), n -> {})
              .prune(weights, mask, expected.get("removed").asLong());

      double[] values = CriterionFixture.numbers(expected.get("weights"));
      for (int i = 0; i < values.length; i++) {
        assertThat(weights.value(i))
            .as("%s %d", kernel.source(), i)
            .isCloseTo(values[i], within(1e-4));
        assertThat(kept.kept(i)).isEqualTo(expected.get("kept").get(i).asInt() == 1);
      }
    }
  }

  /**
   * H = [[2, 1], [1, 2]], damped by 0.02. The smaller weight goes. When it is the second, nothing
   * comes after it; when it is the first, 1, the second becomes 3 + 1 · 1 / 2.02.
   */
  @Test
  void shouldUpdateTheExampleAsComputedByHand() {
    DoubleBuffer gram = DoubleBuffer.wrap(new double[] {2, 1, 1, 2});
    Reconstruction layer = layer(WeightMatrix.rowMajor(1, 1, 2), gram);
    Weights second = Weights.of(Tensor.of(new float[] {3, 1}, 1, 2));
    Weights first = Weights.of(Tensor.of(new float[] {1, 3}, 1, 2));

    layer.prune(second, Mask.keepAll(2), 1);
    layer.prune(first, Mask.keepAll(2), 1);

    assertThat(second.value(0)).isEqualTo(3);
    assertThat(second.value(1)).isZero();
    assertThat(first.value(0)).isZero();
    assertThat(first.value(1)).isCloseTo(3 + 1 / 2.02, within(1e-6));
  }

  private static Reconstruction layer(WeightMatrix matrix, DoubleBuffer gram) {
    return Reconstruction.of(matrix, matrix.columns(), List.of(gram), n -> {});
  }

  /** More columns than a panel and than a block has. */
  @ParameterizedTest
  @ValueSource(ints = {200, 90})
  void shouldChangeOutputsLessThanMagnitudeWhenInputsAreCorrelated(int width) {
    int columns = 200;
    int rows = 24;
    double[][] x = correlated(columns, 1_000);
    Tensor dense = normal(rows, columns);
    WeightMatrix matrix = WeightMatrix.rowMajor(1, rows, columns);
    List<DoubleBuffer> grams =
        width == columns
            ? List.of(gram(x, 0, columns))
            : List.of(gram(x, 0, 90), gram(x, 90, 180), gram(x, 180, 200));
    int count = rows * columns * 7 / 10;

    Weights updated = Weights.of(dense.copy());
    Mask kept =
        Reconstruction.of(matrix, width, grams, n -> {})
            .prune(updated, Mask.keepAll(rows * columns), count);
    Weights smallest = Weights.of(dense.copy());
    Policy policy = TestPolicies.policy("");
    Mask.keepAll(rows * columns)
        .without(Criterion.of(Policy.Criterion.MAGNITUDE, policy).score(0, smallest, null), count)
        .applyTo(smallest);

    assertThat(kept.keptCount()).isEqualTo(rows * columns - count);
    assertThat(updated.nonZero()).isEqualTo(rows * columns - count);
    assertThat(error(dense, updated, x)).isLessThan(0.5 * error(dense, smallest, x));
  }

  @Test
  void shouldKeepGoneWhatIsGoneWhenPrunedAgain() {
    double[][] x = correlated(40, 300);
    WeightMatrix matrix = WeightMatrix.columnMajor(40, 16);
    Weights weights = Weights.of(normal(40, 16));
    Mask mask = Mask.keepAll(640);
    for (int round = 1; round <= 5; round++) {
      Mask before = mask;

      mask = layer(matrix, gram(x, 0, 40)).prune(weights, mask, 100);

      assertThat(mask.keptCount()).isEqualTo(640 - 100 * round);
      assertThat(weights.nonZero()).isEqualTo(640 - 100 * round);
      for (int i = 0; i < 640; i++) {
        assertThat(before.kept(i) || !mask.kept(i)).isTrue();
      }
    }
  }

  @Test
  void shouldOrderByMagnitudeWhenNothingFlowsIn() {
    Weights weights = Weights.of(Tensor.of(new float[] {3, -1, 2, 0.5f}, 2, 2));

    Mask kept =
        layer(WeightMatrix.rowMajor(1, 2, 2), DoubleBuffer.allocate(4))
            .prune(weights, Mask.keepAll(4), 2);

    assertThat(kept.words()).containsExactly(0b0101L);
    assertThat(weights.value(0)).isEqualTo(3);
    assertThat(weights.value(2)).isEqualTo(2);
  }

  private static Tensor normal(int rows, int columns) {
    Random random = new Random(4);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, rows, columns);
  }

  /** Each input is mostly the one before it. */
  private static double[][] correlated(int columns, int samples) {
    Random random = new Random(3);
    double[][] x = new double[samples][columns];
    for (double[] sample : x) {
      double last = random.nextGaussian();
      for (int c = 0; c < columns; c++) {
        last = 0.9 * last + Math.sqrt(1 - 0.81) * random.nextGaussian();
        sample[c] = last;
      }
    }
    return x;
  }

  private static DoubleBuffer gram(double[][] x, int from, int to) {
    int n = to - from;
    double[] gram = new double[n * n];
    for (double[] sample : x) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          gram[i * n + j] += sample[from + i] * sample[from + j];
        }
      }
    }
    return DoubleBuffer.wrap(gram);
  }

  private static double error(Tensor dense, Weights pruned, double[][] x) {
    int columns = (int) dense.dimension(1);
    double error = 0;
    for (double[] sample : x) {
      for (int row = 0; row < dense.dimension(0); row++) {
        double change = 0;
        for (int c = 0; c < columns; c++) {
          int i = row * columns + c;
          change += (pruned.value(i) - dense.floats().get(i)) * sample[c];
        }
        error += change * change;
      }
    }
    return error;
  }
}
