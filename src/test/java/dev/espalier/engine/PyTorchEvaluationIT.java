package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.NpyFixture;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.OnnxSession;
import dev.espalier.engine.metric.Observer;
import dev.espalier.local.FashionMnist;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real models on real images, against the predictions PyTorch itself made. */
class PyTorchEvaluationIT {
  private static final String FIXTURES = "/fixtures/pytorch/";
  private static final Preprocess UNIT_RANGE = new Preprocess(1 / 255.0, List.of(), List.of());

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"fashion-cnn", "fashion-mlp"})
  void shouldPredictLikePyTorchSampleForSample(String name) throws IOException {
    Path model = Path.of("src/test/resources" + FIXTURES + name + ".onnx");
    Path data = Files.write(directory.resolve("test.npz"), FashionMnist.test().npz());
    byte[] expected = NpyFixture.bytes(FIXTURES + name + ".predictions.npy");

    Graph graph = FormatDetector.open(model, null, FormatLimits.defaults()).graph();
    Dataset samples =
        Dataset.read(data, graph, null, UNIT_RANGE, DataLimits.ofThisProcess(directory));
    int[] every = IntStream.range(0, samples.samples()).toArray();
    int[] decided = new int[every.length];
    try (OnnxSession session = OnnxSession.open(graph, 1, n -> {})) {
      Observer largest = (place, output, target) -> decided[place] = largest(output);
      session.measure(samples, List.of(largest), every);
    }

    for (int i = 0; i < expected.length; i++) {
      assertThat(decided[i]).as("sample %d", i).isEqualTo(expected[i]);
    }
    assertThat(evaluate(model, data).correct())
        .isEqualTo(
            IntStream.range(0, expected.length)
                .filter(i -> expected[i] == samples.label(i))
                .count());
  }

  private static int largest(float[] output) {
    int best = 0;
    for (int c = 1; c < output.length; c++) {
      best = output[c] > output[best] ? c : best;
    }
    return best;
  }

  private EngineOutcome.Evaluated evaluate(Path model, Path data) throws IOException {
    JobSpec spec =
        new JobSpec(
            JobSpec.Operation.EVALUATE,
            directory,
            model.toAbsolutePath(),
            data,
            null,
            null,
            null,
            UNIT_RANGE,
            null,
            null,
            false,
            1);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return (EngineOutcome.Evaluated) EngineMain.run(spec, monitor);
    }
  }
}
