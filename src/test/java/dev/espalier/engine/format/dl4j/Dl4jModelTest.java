package dev.espalier.engine.format.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Our reading and writing of Deeplearning4j's files, judged by Deeplearning4j itself. */
class Dl4jModelTest {
  private static final int SAMPLES = 5;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void shouldPredictAsDeeplearning4jWhenRunInOnnxRuntime(Networks kind) throws Exception {
    MultiLayerNetwork network = kind.network();
    SourceModel model = open(Networks.save(network, directory.resolve("model.zip")));
    INDArray inputs = kind.inputs(SAMPLES);

    float[] outputs = RuntimeProbe.run(model.graph(), floats(inputs), kind.shape(SAMPLES));

    assertThat(outputs).containsExactly(floats(network.output(inputs)), within(1e-5f));
  }

  @ParameterizedTest
  @EnumSource
  void shouldLoadInDeeplearning4jWhenWrittenWithPrunedWeights(Networks kind) throws Exception {
    SourceModel model = open(Networks.save(kind.network(), directory.resolve("model.zip")));
    Map<String, Tensor> pruned = halfOfEveryKernelRemoved(model);
    Path target = directory.resolve("pruned.zip");

    model.write(pruned, target);

    MultiLayerNetwork loaded = ModelSerializer.restoreMultiLayerNetwork(target.toFile(), true);
    INDArray inputs = kind.inputs(SAMPLES);
    float[] ours =
        RuntimeProbe.run(model.graph().with(pruned), floats(inputs), kind.shape(SAMPLES));
    assertThat(floats(loaded.output(inputs))).containsExactly(ours, within(1e-5f));
    pruned.forEach(
        (name, tensor) ->
            assertThat(loaded.getParam(name).eq(0).castTo(DataType.INT32).sumNumber().intValue())
                .as(name)
                .isEqualTo((tensor.size() + 1) / 2));
  }

  @Test
  void shouldNameParametersAsDeeplearning4jDoesWhenReading() throws Exception {
    MultiLayerNetwork network = Networks.GUIDE_CNN.network();

    SourceModel model = open(Networks.save(network, directory.resolve("model.zip")));

    assertThat(model.format()).isEqualTo(ModelFormat.DL4J);
    assertThat(model.graph().parameters())
        .extracting(Parameter::source)
        .containsExactlyElementsOf(network.paramTable().keySet());
    assertThat(model.graph().parameters())
        .contains(
            new Parameter("0_W", "0_W", "conv1", Role.KERNEL),
            new Parameter("0_b", "0_b", "conv1", Role.BIAS),
            new Parameter("5_W", "5_W", "output", Role.KERNEL));
  }

  @Test
  void shouldKeepDropoutWithRatioToDropWhenNetworkHasIt() throws Exception {
    SourceModel model = open(Networks.save(Networks.MLP.network(), directory.resolve("model.zip")));

    Node dropout =
        model.graph().nodes().stream()
            .filter(node -> node.operator().equals("Dropout"))
            .findFirst()
            .orElseThrow();

    Tensor ratio = model.graph().initializers().get(dropout.input(1).orElseThrow());
    assertThat(ratio.floats().get(0)).isEqualTo(0.3f, within(1e-7f));
  }

  @Test
  void shouldKeepAllButCoefficientsAndUpdaterWhenWriting() throws Exception {
    Path source = Networks.save(Networks.MLP.network(), directory.resolve("model.zip"));
    NormalizerStandardize normalizer =
        new NormalizerStandardize(Nd4j.zeros(1, 20), Nd4j.ones(1, 20));
    ModelSerializer.addNormalizerToModel(source.toFile(), normalizer);
    SourceModel model = open(source);
    Path unchanged = directory.resolve("unchanged.zip");
    Path again = directory.resolve("again.zip");

    model.write(Map.of(), unchanged);
    model.write(Map.of(), again);

    Map<String, byte[]> expected = entries(source);
    assertThat(expected.remove("updaterState.bin")).isNotNull();
    Map<String, byte[]> written = entries(unchanged);
    assertThat(written.keySet())
        .containsExactly("configuration.json", "coefficients.bin", "normalizer.bin");
    expected.forEach((name, bytes) -> assertThat(written.get(name)).as(name).isEqualTo(bytes));
    assertThat(again).hasSameBinaryContentAs(unchanged);
    assertThat((NormalizerStandardize) ModelSerializer.restoreNormalizerFromFile(again.toFile()))
        .isEqualTo(normalizer);
  }

  @Test
  void shouldRefuseToWriteWhenShapesDoNotFitEachOther() throws Exception {
    SourceModel model = open(Networks.save(Networks.MLP.network(), directory.resolve("model.zip")));
    Map<String, Tensor> reshaped = Map.of("0_W", Tensor.of(new float[300], 15, 20));

    assertThatThrownBy(() -> model.write(reshaped, directory.resolve("bad.zip")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Files.exists(directory.resolve("bad.zip"))).isFalse();
  }

  private static SourceModel open(Path file) throws IOException {
    return FormatDetector.open(file, ModelFormat.DL4J, FormatLimits.defaults());
  }

  private static Map<String, Tensor> halfOfEveryKernelRemoved(SourceModel model) {
    Map<String, Tensor> pruned = new HashMap<>();
    for (Parameter parameter : model.graph().prunable()) {
      Tensor tensor = model.graph().tensor(parameter).copy();
      for (int i = 0; i < tensor.size(); i += 2) {
        tensor.floats().put(i, 0f);
      }
      pruned.put(parameter.tensor(), tensor);
    }
    return pruned;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }
}
