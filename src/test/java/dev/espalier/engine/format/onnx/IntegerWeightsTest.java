package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.engine.compress.Quantizer;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Quantization;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks as exporters write them, their kernels written as 8-bit integers. */
class IntegerWeightsTest {
  @TempDir Path directory;

  static List<ExportedModel> models() throws Exception {
    List<ExportedModel> all = ExportedModel.all();
    all.removeIf(
        model -> {
          try {
            Graph graph = model.open().graph();
            return graph.opset() < Quantizer.INTEGERS_SINCE || kernels(graph).isEmpty();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(all).hasSizeGreaterThan(8);
    return all;
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldGiveBackAFileThatRunsAndReadsAsWhatWasJudged(ExportedModel model) throws Exception {
    SourceModel source = model.open();
    Graph before = source.graph();
    Graph deployed =
        new Quantizer(Policy.Quantize.INT8, kernels(before), /* integers= */ true).apply(before);
    Graph real = Dequantization.undone(before, deployed);
    Path target = directory.resolve("integers.onnx");

    source.write(Map.of(), Dequantization.inserted(before, deployed), target);

    Graph written = FormatDetector.open(target, null, FormatLimits.defaults()).graph();
    assertThat(quantized(written)).containsExactlyInAnyOrderElementsOf(quantized(deployed));
    assertThat(quantized(written)).hasSize(kernels(before).size());
    assertThat(NonZero.count(written)).isEqualTo(NonZero.count(real));
    float[] computed = first(RuntimeProbe.run(Files.readAllBytes(target), model.inputs()));
    assertThat(computed)
        .containsExactly(
            first(RuntimeProbe.run(deployed, model.inputs())), within(model.tolerance() / 10));
    // ONNX Runtime rounds what flows into some products to 8 bits as well; see docs/formats.
    assertThat(computed)
        .containsExactly(first(RuntimeProbe.run(real, model.inputs())), within(3e-3f));
  }

  @Test
  void shouldLeaveEveryOtherNodeAndTensorAsItIsWhenIntegersTakeTheirPlace() throws Exception {
    ExportedModel model = ExportedModel.named("residual-17");
    SourceModel source = model.open();
    Graph before = source.graph();
    Graph deployed =
        new Quantizer(Policy.Quantize.INT8, kernels(before), /* integers= */ true).apply(before);
    Path target = directory.resolve("integers.onnx");

    source.write(Map.of(), Dequantization.inserted(before, deployed), target);

    GraphProto was = ModelProto.parseFrom(Files.readAllBytes(model.file())).getGraph();
    GraphProto is = ModelProto.parseFrom(Files.readAllBytes(target)).getGraph();
    List<NodeProto> inserted = is.getNodeList().subList(0, kernels(before).size());
    assertThat(inserted).allMatch(node -> node.getOpType().equals("DequantizeLinear"));
    assertThat(inserted).extracting(NodeProto::getName).contains("conv1.weight_DequantizeLinear");
    assertThat(inserted.get(0).getInputList())
        .containsExactly("conv1.weight_quantized", "conv1.weight_scale");
    assertThat(inserted.get(0).getOutputList()).containsExactly("conv1.weight");
    assertThat(is.getNodeList().subList(inserted.size(), is.getNodeCount()))
        .isEqualTo(was.getNodeList());
    assertThat(is.getInputList()).isEqualTo(was.getInputList());
    assertThat(is.getInitializerList())
        .containsAll(
            was.getInitializerList().stream()
                .filter(tensor -> !kernels(before).contains(tensor.getName()))
                .toList());
    Parameter kernel =
        deployed.prunable().stream()
            .filter(p -> p.tensor().equals("conv1.weight_quantized"))
            .findFirst()
            .orElseThrow();
    assertThat(kernel.quantization()).isEqualTo(new Quantization("conv1.weight_scale", null, 0));
  }

  private static Set<Parameter> quantized(Graph graph) {
    return graph.parameters().stream()
        .filter(p -> p.quantization() != null)
        .map(p -> new Parameter(p.tensor(), p.source(), "", p.role(), p.quantization()))
        .collect(Collectors.toSet());
  }

  private static Set<String> kernels(Graph graph) {
    return graph.prunable().stream()
        .filter(p -> graph.tensor(p).type() == DataType.FLOAT)
        .map(Parameter::tensor)
        .collect(Collectors.toSet());
  }

  private static float[] first(Map<String, Tensor> outputs) throws IOException {
    return outputs.values().iterator().next().toFloats();
  }
}
