package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.infer.OutputSums;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operator sets 7 to 17, half and double precision, fixed batches, weights that are put together.
 */
class ExportedCalibrationTest {
  static List<ExportedModel> models() throws Exception {
    return ExportedModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldSumWhatFlowsIntoEveryKernel(ExportedModel model) throws Exception {
    Graph graph = model.open().graph();
    Calibration calibration = new Calibration(graph);
    FixedBatch data = new FixedBatch(model.inputs());
    Calibration.Sums sums = calibration.energies(graph.prunable());
    Map<String, DoubleBuffer> energies = run(sums.graph(), data);

    assertThat(sums.sums()).isNotEmpty();
    for (Calibration.Sum sum : sums.sums()) {
      Parameter kernel =
          graph.prunable().stream()
              .filter(p -> p.tensor().equals(sum.kernel()))
              .findFirst()
              .orElseThrow();
      WeightMatrix matrix = sum.matrix();
      int columns = matrix.columns();
      DoubleBuffer energy = energies.get(sum.outputs().get(0));
      Calibration.Sums grams = calibration.grams(kernel, columns);
      DoubleBuffer gram = run(grams.graph(), data).get(grams.sums().get(0).outputs().get(0));

      assertThat(energy.capacity()).isEqualTo(matrix.groups() * columns);
      assertThat(IntStream.range(0, energy.capacity()).mapToDouble(energy::get).max().orElse(0))
          .as(kernel.source())
          .isPositive();
      for (int i = 0; i < energy.capacity(); i++) {
        double diagonal = gram.get(i / columns * columns * columns + i % columns * (columns + 1));
        assertThat(diagonal).isCloseTo(energy.get(i), within(1e-4 * (1 + energy.get(i))));
      }
    }
  }

  private static Map<String, DoubleBuffer> run(Graph graph, FixedBatch data) {
    int[] all = IntStream.range(0, data.samples()).toArray();
    return new OutputSums(1, data.samples()).of(graph, data, all, n -> {});
  }
}
