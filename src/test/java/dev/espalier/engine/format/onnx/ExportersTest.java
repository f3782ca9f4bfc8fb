package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks as exporters write them: read, run, pruned by half, written back and run again. */
class ExportersTest {
  @TempDir Path directory;

  static List<ExportedModel> models() throws IOException {
    return ExportedModel.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldComputeWhatPytorchDoesWhenReadGraphRuns(ExportedModel model) throws Exception {
    byte[] ours = OnnxSerializer.serialize(model.open().graph());

    assertThat(first(RuntimeProbe.run(ours, model.inputs())))
        .containsExactly(model.expected(), within(model.tolerance()));
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldFindEveryKernelWhateverStandsBeforeIt(ExportedModel model) throws Exception {
    Graph graph = model.open().graph();

    assertThat(graph.prunable().stream().mapToLong(p -> graph.tensor(p).size()).sum())
        .isEqualTo(model.kernels());
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldGiveBackAFileThatRunsWhenHalfOfTheWeightsAreGone(ExportedModel model)
      throws Exception {
    SourceModel source = model.open();
    Map<String, Tensor> pruned = Half.of(source);
    Path target = directory.resolve("pruned.onnx");

    source.write(pruned, target);

    Graph written = FormatDetector.open(target, null, FormatLimits.defaults()).graph();
    assertThat(written.parameters()).isEqualTo(source.graph().parameters());
    for (Map.Entry<String, Tensor> tensor : source.graph().with(pruned).initializers().entrySet()) {
      assertThat(written.initializers().get(tensor.getKey()).bytes())
          .as(tensor.getKey())
          .isEqualTo(tensor.getValue().bytes());
    }
    long kept = written.prunable().stream().mapToLong(p -> NonZero.count(written, p)).sum();
    assertThat(kept).isLessThanOrEqualTo(model.kernels() - model.kernels() / 2);
    assertThat(first(RuntimeProbe.run(Files.readAllBytes(target), model.inputs())))
        .containsExactly(
            first(
                RuntimeProbe.run(
                    OnnxSerializer.serialize(source.graph().with(pruned)), model.inputs())),
            within(model.tolerance() / 10));
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldKeepEveryByteWhenNothingChanges(ExportedModel model) throws Exception {
    SourceModel source = model.open();
    Map<String, Tensor> same = new HashMap<>();
    source.graph().parameters().forEach(p -> same.put(p.tensor(), source.graph().tensor(p)));
    Path untouched = directory.resolve("untouched.onnx");
    Path replaced = directory.resolve("replaced.onnx");

    source.write(Map.of(), untouched);
    source.write(same, replaced);

    assertThat(untouched).hasSameBinaryContentAs(model.file());
    if (!model.name().equals("sparse")) {
      assertThat(replaced).hasSameBinaryContentAs(model.file());
    }
  }

  @Test
  void shouldNameLayersWhenWeightsHaveNoNamesOfTheirOwn() throws Exception {
    assertThat(layers("lstm-12")).containsOnly("rnn", "head");
    assertThat(layers("channels-last")).containsOnly("conv", "dense");
  }

  private static List<String> layers(String name) throws Exception {
    return ExportedModel.named(name).open().graph().prunable().stream()
        .map(Parameter::layer)
        .toList();
  }

  private static float[] first(Map<String, Tensor> outputs) {
    return outputs.values().iterator().next().toFloats();
  }
}
