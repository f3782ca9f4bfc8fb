package dev.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.calibration.CriterionFixture;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.graph.Weights;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WandaTest {
  /** Two outputs of three inputs with norms 1, 2 and 10: 4 2 5 and 30 2 1. */
  private static final float[] WEIGHTS = {-4, 1, 0.5f, 30, -1, 0.1f};

  private static final LayerInputs INPUTS =
      new LayerInputs(WeightMatrix.rowMajor(1, 2, 3), DoubleBuffer.wrap(new double[] {1, 4, 100}));

  /**
   * By rank, then position: 2 and 1, then 4 and 2, then 5 and 30. By shares of what is left: 1 of
   * 905, 4 of 904, 4 of 45, 16 of 41, then the highest of each.
   */
  @ParameterizedTest
  @CsvSource({"LAYER, 1 5 0 4 2 3", "ERK, 1 5 0 4 2 3", "GLOBAL, 5 4 1 0 2 3"})
  void shouldRankTheExampleAsComputedByHand(Policy.Scope scope, String order) {
    int[] keys = keys(scope, Tensor.of(WEIGHTS, 2, 3), INPUTS);

    assertThat(
            IntStream.range(0, keys.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> Integer.toUnsignedLong(keys[i]))))
        .extracting(String::valueOf)
        .containsExactly(order.split(" "));
  }

  private static int[] keys(Policy.Scope scope, Tensor weights, LayerInputs inputs) {
    Policy policy = TestPolicies.policy("scope: " + scope.name().toLowerCase(Locale.ROOT));
    int[] keys = new int[weights.size()];
    Criterion.of(Policy.Criterion.WANDA, policy)
        .score(0, Weights.of(weights), inputs)
        .keys(0, keys.length, keys);
    return keys;
  }

  @ParameterizedTest
  @EnumSource(Policy.Scope.class)
  void shouldOrderTheWeightsOfAnOutputAsTheReferenceDoes(Policy.Scope scope) throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    Calibration calibration = new Calibration(fixture.graph());
    for (JsonNode layer : fixture.layers()) {
      Parameter kernel = fixture.kernel(layer);
      DoubleBuffer energies = fixture.run(calibration.energies(List.of(kernel)), 256).get(0);
      WeightMatrix matrix = calibration.matrix(kernel);
      double[] expected = CriterionFixture.numbers(layer.get("wanda"));

      int[] keys = keys(scope, fixture.graph().tensor(kernel), new LayerInputs(matrix, energies));

      for (int row = 0; row < matrix.rows(); row++) {
        int r = row;
        List<Integer> elements =
            IntStream.range(0, matrix.columns()).mapToObj(c -> matrix.element(r, c)).toList();
        assertThat(elements.stream().sorted(Comparator.comparingInt(e -> keys[e])))
            .as("%s row %d", kernel.source(), row)
            .containsExactlyElementsOf(
                elements.stream().sorted(Comparator.comparingDouble(e -> expected[e])).toList());
      }
    }
  }

  @Test
  void shouldGiveTheReferencesScoresWhenLamp() throws IOException {
    CriterionFixture fixture = CriterionFixture.read("windows");
    for (JsonNode layer : fixture.layers()) {
      double[] expected = CriterionFixture.numbers(layer.get("lamp"));
      int[] keys = new int[expected.length];
      new Lamp()
          .score(0, Weights.of(fixture.graph().tensor(fixture.kernel(layer))), null)
          .keys(0, keys.length, keys);

      for (int i = 0; i < keys.length; i++) {
        assertThat((double) Float.intBitsToFloat(keys[i]))
            .isCloseTo(expected[i], withinPercentage(0.01));
      }
    }
  }
}
