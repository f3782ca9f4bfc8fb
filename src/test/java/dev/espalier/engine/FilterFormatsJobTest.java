package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neurons removed from files that are no ONNX, which come back in their own format. */
class FilterFormatsJobTest {
  private static final Path FILES = Path.of("src/test/resources/fixtures/keras/files");
  private static final Policy POLICY =
      TestPolicies.like(
          Workbench.policy(0.5, 2, 1, 0.05, 0),
          "granularity: filter, criterion: filter-l2,"
              + " gate: {max-drop: 0.05, min-size-reduction: 0, min-speedup: 0}");

  @TempDir private static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "k29_perceptron.h5, model.h5, KERAS_H5",
    "k3_perceptron.keras, model.keras, KERAS_V3"
  })
  void shouldGiveBackTheSameFormatWithFewerNeurons(
      String template, String written, ModelFormat format) throws IOException {
    SourceModel empty = open(FILES.resolve(template));
    Path model = directory.resolve(template);
    empty.write(trained(empty.graph()), model);
    JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, model, POLICY, template + "-job");

    Judged judged = (Judged) FilterBench.run(spec);

    assertThat(judged.result().verdict())
        .as("%s", judged.result().reason())
        .isEqualTo(Verdict.PRUNED);
    Path output = spec.workDirectory().resolve("output").resolve(written);
    SourceModel pruned = open(output);
    assertThat(pruned.format()).isEqualTo(format);
    assertThat(Files.size(output)).isLessThan(Files.size(model));
    // 48 neurons of the second layer; the first is protected.
    assertThat(judged.result().deleted()).isEqualTo(24);
    assertThat(shapes(judged))
        .containsEntry("fc1", List.of(32L, 96L))
        .containsEntry("fc2", List.of(96L, 24L))
        .containsEntry("fc3", List.of(24L, 4L));
    EngineOutcome.Verified verified =
        (EngineOutcome.Verified)
            FilterBench.run(
                bench.spec(JobSpec.Operation.VERIFY, output, POLICY, template + "-verified"));
    assertThat(verified.value()).isEqualTo(judged.gate().pruned());
    assertThat(verified.nonZero()).isEqualTo(judged.result().nonZero());
  }

  private static Map<String, List<Long>> shapes(Judged judged) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (ModelResult.Layer layer : judged.result().layers()) {
      if (layer.shapeAfter().size() == 2) {
        shapes.put(layer.layer(), layer.shapeAfter());
      }
    }
    return shapes;
  }

  private static Map<String, Tensor> trained(Graph graph) throws IOException {
    Graph source = open(bench.model).graph();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : graph.initializers().keySet()) {
      String original = name.replace("/kernel", ".weight").replace("/bias", ".bias");
      if (source.initializers().containsKey(original)) {
        weights.put(name, source.initializers().get(original));
      }
    }
    return weights;
  }

  private static SourceModel open(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }
}
