package dev.espalier.engine.format.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files that old versions of Deeplearning4j wrote, and what those predicted. */
class OldVersionsTest {
  private static final Path FILES = Path.of("src/test/resources/fixtures/dl4j/versions");
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  /** What a version fed, gave and held; samples are three. */
  private record Recorded(List<float[]> inputs, float[] output, List<String> parameters) {
    static Recorded of(String name) throws IOException {
      List<float[]> inputs = new ArrayList<>();
      List<String> parameters = new ArrayList<>();
      float[] output = {};
      for (String line : Files.readAllLines(FILES.resolve(name + ".txt"))) {
        String[] parts = line.split(" ");
        float[] values = new float[parts.length - 1];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(parts[i + 1]);
        }
        switch (parts[0]) {
          case "input" -> inputs.add(values);
          case "output" -> output = values;
          default -> parameters.add(parts[0]);
        }
      }
      return new Recorded(inputs, output, parameters);
    }

    List<INDArray> arrays(String name) {
      return inputs.stream()
          .map(
              values ->
                  name.endsWith("sequence")
                      ? Nd4j.create(values, new long[] {3, 4, 7}, 'c')
                      : Nd4j.create(values, new long[] {3, values.length / 3}, 'c'))
          .toList();
    }
  }

  static Stream<String> files() {
    return Stream.of("0.8.0", "0.9.1", "1.0.0-beta3", "1.0.0-beta4", "1.0.0-beta7")
        .flatMap(version -> Stream.of("cnn", "graph", "sequence").map(kind -> version + "-" + kind))
        .filter(name -> !name.equals("0.8.0-sequence") && !name.equals("1.0.0-beta7-sequence"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldPredictAsTheVersionThatWroteTheFile(String name) throws Exception {
    Recorded recorded = Recorded.of(name);

    SourceModel model = KindsTest.open(FILES.resolve(name + ".zip"));

    assertThat(model.graph().parameters().stream().map(Parameter::source))
        .containsExactlyInAnyOrderElementsOf(recorded.parameters);
    assertThat(KindsTest.predictions(model.graph(), recorded.arrays(name)).get(0))
        .containsExactly(recorded.output, within(TOLERANCE));
  }

  /** The current Deeplearning4j fails on its own graphs of before 1.0.0-beta. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.8.0-cnn",
        "0.9.1-cnn",
        "1.0.0-beta3-cnn",
        "1.0.0-beta3-graph",
        "1.0.0-beta7-graph"
      })
  void shouldLoadInDeeplearning4jWhenOldFileWasPruned(String name) throws Exception {
    SourceModel model = KindsTest.open(FILES.resolve(name + ".zip"));
    Map<String, Tensor> pruned = KindsTest.halfOfEveryKernelRemoved(model);
    Path target = directory.resolve(name + ".zip");

    model.write(pruned, target);

    List<INDArray> inputs = Recorded.of(name).arrays(name);
    assertThat(Net.load(target).output(inputs).get(0))
        .containsExactly(
            KindsTest.predictions(model.graph().with(pruned), inputs).get(0), within(TOLERANCE));
  }

  /** Versions since 1.0.0-M1 lay such kernels otherwise; the file does not tell which wrote it. */
  @Test
  void shouldReadAsTheNewestVersionWhenLayoutOfKernelIsAmbiguous() throws Exception {
    Path file = FILES.resolve("1.0.0-beta7-sequence.zip");
    List<INDArray> inputs = Recorded.of("1.0.0-beta7-sequence").arrays("sequence");

    List<float[]> predictions = KindsTest.predictions(KindsTest.open(file).graph(), inputs);

    assertThat(predictions.get(0))
        .containsExactly(Net.load(file).output(inputs).get(0), within(TOLERANCE));
  }
}
