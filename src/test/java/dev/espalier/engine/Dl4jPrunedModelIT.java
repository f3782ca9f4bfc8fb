package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.PolicyReader;
import dev.espalier.contract.Sha256;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.local.FashionMnist;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A really trained Deeplearning4j model, pruned by the engine and judged by Deeplearning4j. */
class Dl4jPrunedModelIT {
  private static final Path MODEL = Path.of("src/test/resources/fixtures/dl4j/guide-cnn.zip");
  private static final Preprocess UNIT_RANGE = new Preprocess(1 / 255.0, List.of(), List.of());
  private static final String POLICY =
      """
      name: half
      target: {sparsity: 0.5}
      schedule: {kind: one-shot}
      gate: {max-drop: 0.02}
      """;
  private static final String FILTERS =
      """
      name: filters
      granularity: filter
      criterion: filter-l2
      target: {sparsity: 0.25}
      schedule: {kind: one-shot}
      gate: {max-drop: 0.9, min-size-reduction: 0, min-speedup: 0}
      """;
  private static final int BATCH = 500;

  @TempDir Path directory;

  @Test
  void shouldScoreInDeeplearning4jAsInTheEngineWhenPruned() throws Exception {
    Path data = Files.write(directory.resolve("test.npz"), FashionMnist.test().npz());

    EngineOutcome.Judged judged = prune(data);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().sparsity()).isGreaterThanOrEqualTo(0.5);
    Path pruned = directory.resolve(JobSpec.OUTPUT).resolve("model.zip");
    Graph graph = FormatDetector.open(pruned, null, FormatLimits.defaults()).graph();
    Dataset samples =
        Dataset.read(data, graph, null, UNIT_RANGE, DataLimits.ofThisProcess(directory));
    MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(pruned.toFile(), false);
    int agreeing = 0;
    for (int start = 0; start < samples.samples(); start += BATCH) {
      Batch batch = samples.batch(IntStream.range(start, start + BATCH).toArray());
      Tensor input = batch.inputs().values().iterator().next();
      float[][] ours = rows(RuntimeProbe.run(graph, input.toFloats(), input.shape()), BATCH);
      INDArray theirs =
          network.output(Nd4j.createFromArray(input.toFloats()).reshape(input.shape()));
      for (int row = 0; row < BATCH; row++) {
        float[] expected = theirs.getRow(row).toFloatVector();
        agreeing += best(expected) == best(ours[row]) ? 1 : 0;
        for (int column = 0; column < expected.length; column++) {
          assertThat(ours[row][column]).isCloseTo(expected[column], within(1e-4f));
        }
      }
    }
    assertThat(agreeing).isGreaterThanOrEqualTo(9_990);
  }

  @Test
  void shouldWriteTheSameModelAsOnnxToo() throws Exception {
    Path data = Files.write(directory.resolve("test.npz"), FashionMnist.test().npz());

    EngineOutcome.Judged judged = prune(data);

    Path output = directory.resolve(JobSpec.OUTPUT);
    byte[] onnx = Files.readAllBytes(output.resolve("model.onnx"));
    assertThat(judged.output().onnx().sha256()).isEqualTo(Sha256.of(onnx));
    Graph graph =
        FormatDetector.open(output.resolve("model.zip"), null, FormatLimits.defaults()).graph();
    Dataset samples =
        Dataset.read(data, graph, null, UNIT_RANGE, DataLimits.ofThisProcess(directory));
    Batch batch = samples.batch(IntStream.range(0, BATCH).toArray());
    Tensor input = batch.inputs().values().iterator().next();
    String name = graph.inputs().get(0).name();
    MultiLayerNetwork network =
        ModelSerializer.restoreMultiLayerNetwork(output.resolve("model.zip").toFile(), false);
    float[] theirs =
        network
            .output(Nd4j.createFromArray(input.toFloats()).reshape(input.shape()))
            .dup('c')
            .data()
            .asFloat();
    assertThat(RuntimeProbe.run(onnx, name, input.toFloats(), input.shape()))
        .containsExactly(theirs, within(1e-4f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "codebook"})
  void shouldGiveDeeplearning4jTheQuantisedNumbersWhenThereAreNoIntegers(String form)
      throws Exception {
    Path data = Files.write(directory.resolve("test.npz"), FashionMnist.test().npz());

    EngineOutcome.Judged judged = prune(data, POLICY + "quantize: " + form + "\n");

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    Path file = directory.resolve(JobSpec.OUTPUT).resolve("model.zip");
    Graph graph = FormatDetector.open(file, null, FormatLimits.defaults()).graph();
    assertThat(judged.result().nonZero()).isEqualTo(NonZero.count(graph));
    MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false);
    INDArray dense = network.getLayer(network.getnLayers() - 1).getParam("W");
    Set<Float> values = new HashSet<>();
    for (int neuron = 0; neuron < FashionMnist.CLASSES; neuron++) {
      float[] weights = dense.getColumn(neuron).toFloatVector();
      float scale = dense.getColumn(neuron).amaxNumber().floatValue() / 127;
      for (float weight : weights) {
        values.add(weight);
        if (form.equals("int8")) {
          assertThat(weight / scale).isCloseTo(Math.round(weight / scale), within(1e-3f));
        }
      }
    }
    assertThat(form.equals("int8") || values.size() <= 17).isTrue();
  }

  @Test
  void shouldScoreInDeeplearning4jAsInTheEngineWhenFiltersAreGone() throws Exception {
    Path data = Files.write(directory.resolve("test.npz"), FashionMnist.test().npz());

    EngineOutcome.Judged judged = prune(data, FILTERS);

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().parametersAfter()).isLessThan(judged.result().parametersBefore());
    Path pruned = directory.resolve(JobSpec.OUTPUT).resolve("model.zip");
    Graph graph = FormatDetector.open(pruned, null, FormatLimits.defaults()).graph();
    Dataset samples =
        Dataset.read(data, graph, null, UNIT_RANGE, DataLimits.ofThisProcess(directory));
    Tensor input =
        samples.batch(IntStream.range(0, BATCH).toArray()).inputs().values().iterator().next();
    MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(pruned.toFile(), false);
    assertThat(network.numParams()).isEqualTo(judged.result().parametersAfter());
    float[] theirs =
        network
            .output(Nd4j.createFromArray(input.toFloats()).reshape(input.shape()))
            .dup('c')
            .data()
            .asFloat();
    assertThat(RuntimeProbe.run(graph, input.toFloats(), input.shape()))
        .containsExactly(theirs, within(1e-4f));
  }

  private EngineOutcome.Judged prune(Path data) throws IOException {
    return prune(data, POLICY);
  }

  private EngineOutcome.Judged prune(Path data, String policy) throws IOException {
    JobSpec spec =
        new JobSpec(
            JobSpec.Operation.PRUNE,
            directory,
            MODEL.toAbsolutePath(),
            data,
            null,
            null,
            null,
            UNIT_RANGE,
            PolicyReader.readYaml(policy),
            null,
            /* alsoOnnx= */ true,
            1);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return (EngineOutcome.Judged) EngineMain.run(spec, monitor);
    }
  }

  private static float[][] rows(float[] flat, int rows) {
    float[][] split = new float[rows][flat.length / rows];
    for (int i = 0; i < flat.length; i++) {
      split[i * rows / flat.length][i % (flat.length / rows)] = flat[i];
    }
    return split;
  }

  private static int best(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }
}
