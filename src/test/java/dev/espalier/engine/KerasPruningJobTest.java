package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult.Layer.Changed;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A really trained network in Keras' own files, pruned with recovery and given back as such. */
class KerasPruningJobTest {
  private static final Path FILES = Path.of("src/test/resources/fixtures/keras/files");

  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @ParameterizedTest
  @CsvSource({"k29_perceptron.h5,model.h5", "k3_perceptron.keras,model.keras"})
  void shouldGiveBackTheSameFormatWithWhatTheResultSaysWhenTheGatePasses(
      String template, String written) throws IOException {
    Path model = directory.resolve(template);
    SourceModel empty = open(FILES.resolve(template));
    empty.write(trained(bench.model, empty.graph()), model);
    JobSpec spec =
        bench.spec(
            JobSpec.Operation.PRUNE,
            model,
            Workbench.policy(0.8, 3, 1, 0.05, 0.1),
            template + "-job");

    Judged judged = (Judged) run(spec);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().recovery()).isNull();
    Path output = spec.workDirectory().resolve("output").resolve(written);
    Graph before = open(model).graph();
    Graph after = open(output).graph();
    assertThat(judged.result().nonZero()).isEqualTo(NonZero.count(after));
    assertThat(judged.result().sparsity()).isEqualTo(0.8, within(1e-3));
    assertThat(Files.size(output)).isEqualTo(Files.size(model));
    before
        .parameters()
        .forEach(
            parameter ->
                assertThat(judged.result().layers())
                    .filteredOn(layer -> layer.name().equals(parameter.source()))
                    .singleElement()
                    .satisfies(
                        layer ->
                            assertThat(layer.changed() == Changed.NONE)
                                .isEqualTo(
                                    before
                                        .tensor(parameter)
                                        .bytes()
                                        .equals(after.tensor(parameter).bytes()))));
    EngineOutcome.Verified verified =
        (EngineOutcome.Verified)
            run(
                bench.spec(
                    JobSpec.Operation.VERIFY,
                    output,
                    Workbench.policy(0.8, 3, 1, 0.05, 0.1),
                    template + "-verified"));
    assertThat(verified.value()).isEqualTo(judged.gate().pruned());
  }

  /** The weights of a model that was trained, by the names in a Keras file of the same layers. */
  static Map<String, Tensor> trained(Path onnx, Graph graph) throws IOException {
    Graph source = open(onnx).graph();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : graph.initializers().keySet()) {
      String original = name.replace("/kernel", ".weight").replace("/bias", ".bias");
      if (source.initializers().containsKey(original)) {
        weights.put(name, source.initializers().get(original));
      }
    }
    assertThat(weights).hasSize(6);
    return weights;
  }

  private static SourceModel open(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }

  private static EngineOutcome run(JobSpec spec) {
    PrintStream lines = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(lines)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
