package dev.espalier.engine.format.onnx;

import static dev.espalier.engine.format.onnx.RawOnnx.bytes;
import static dev.espalier.engine.format.onnx.RawOnnx.floats;
import static dev.espalier.engine.format.onnx.RawOnnx.longs;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.scalar;
import static dev.espalier.engine.format.onnx.RawOnnx.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.OutputSums;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Integer models are pruned by what their integers stand for. In all of them {@code y = x · W} with
 * {@code W = [[1, −4], [0.5, 6]]}, by columns in steps of 0.5 from 10 and of 2 from 20; half of the
 * weights are removed, which leaves {@code [[0, −4], [0, 6]]}, where magnitudes of the stored
 * integers, or of integers without their scale, would choose others.
 */
class QuantizedModelsTest {
  private static final float[] INPUT = {3, 5};
  private static final float[] DENSE = {3 + 2.5f, -12 + 30};
  private static final float[] PRUNED = {0, -12 + 30};

  @TempDir Path directory;

  private record Case(String name, int opset, List<NodeProto> nodes, List<TensorProto> constants) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> models() {
    TensorProto weights = bytes("w", DataType.UINT8, new long[] {2, 2}, 12, 18, 11, 23);
    TensorProto scale = floats("s", 0.5f, 2);
    TensorProto zero = bytes("z", DataType.UINT8, new long[] {2}, 10, 20);
    TensorProto one = scalar("one", 1);
    TensorProto none = bytes("none", DataType.UINT8, new long[0], 0);
    return Stream.of(
        new Case(
            "DequantizeLinear per channel",
            13,
            List.of(
                with(node("DequantizeLinear", "w", "s", "z", "d"), "axis", 1),
                node("MatMul", "x", "d", "y")),
            List.of(weights, scale, zero)),
        new Case(
            "DequantizeLinear behind which the weights are transposed",
            13,
            List.of(
                with(node("DequantizeLinear", "wt", "s", "z", "d"), "axis", 0),
                with(node("Transpose", "d", "t"), "perm", 1, 0),
                node("MatMul", "x", "t", "y")),
            List.of(bytes("wt", DataType.UINT8, new long[] {2, 2}, 12, 11, 18, 23), scale, zero)),
        new Case(
            "MatMulInteger as dynamic quantisation writes it",
            13,
            List.of(
                NodeProto.newBuilder()
                    .setOpType("DynamicQuantizeLinear")
                    .addInput("x")
                    .addAllOutput(List.of("xq", "xs", "xz"))
                    .build(),
                node("Mul", "xs", "s", "scales"),
                node("MatMulInteger", "xq", "w", "xz", "z", "i"),
                with(node("Cast", "i", "f"), "to", 1),
                node("Mul", "f", "scales", "y")),
            List.of(weights, scale, zero)),
        new Case(
            "QLinearMatMul",
            13,
            List.of(
                node("QuantizeLinear", "x", "one", "none", "xq"),
                node("QLinearMatMul", "xq", "one", "none", "w", "s", "z", "one", "none8", "yq"),
                node("DequantizeLinear", "yq", "one", "none8", "y")),
            List.of(
                weights, scale, zero, one, none, bytes("none8", DataType.UINT8, new long[0], 0))),
        new Case(
            "QLinearConv over one pixel",
            13,
            List.of(
                node("QuantizeLinear", "x", "one", "none", "xq"),
                node("Reshape", "xq", "image", "xi"),
                node("QLinearConv", "xi", "one", "none", "k", "s1", "z8", "one", "none", "yq"),
                node("DequantizeLinear", "yq", "one", "none", "yf"),
                node("Reshape", "yf", "flat", "y")),
            List.of(
                bytes("k", DataType.INT8, new long[] {2, 2, 1, 1}, 2, 1, -2, 3),
                floats("s1", 0.5f, 2),
                bytes("z8", DataType.INT8, new long[] {2}, 0, 0),
                one,
                none,
                longs("image", -1, 2, 1, 1),
                longs("flat", -1, 2))));
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldSeeTheRealNumbersThatIntegersAreMultipliedWithWhenModelIs(Case model)
      throws Exception {
    Graph graph =
        open(RawOnnx.model(
                model.opset(), model.nodes(), model.constants().toArray(TensorProto[]::new)))
            .graph();
    FixedBatch data = new FixedBatch(Map.of("x", Tensor.of(INPUT, 1, 2)));

    Calibration.Sums sums = new Calibration(graph).energies(graph.prunable());
    Map<String, DoubleBuffer> found =
        new OutputSums(1, 1).of(sums.graph(), data, new int[] {0}, n -> {});

    assertThat(found.get(sums.sums().get(0).outputs().get(0)).array()).containsExactly(9, 25);
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldRemoveTheSmallestRealWeightsWhenModelIs(Case model) throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                model.opset(), model.nodes(), model.constants().toArray(TensorProto[]::new)));
    assertThat(source.graph().prunable()).hasSize(1);
    Parameter kernel = source.graph().prunable().get(0);
    assertThat(NonZero.count(source.graph(), kernel)).isEqualTo(4);
    // −12 + 30 = 18 and 5.5 are on the grids of all cases; QLinear results round halves to even.
    assertThat(RuntimeProbe.run(source.graph(), INPUT, 1, 2)).containsExactly(DENSE, within(0.6f));

    Path target = directory.resolve("pruned.onnx");
    source.write(Half.of(source), target);

    SourceModel written = open(Files.readAllBytes(target));
    assertThat(NonZero.count(written.graph(), kernel)).isEqualTo(2);
    assertThat(written.graph().parameters()).isEqualTo(source.graph().parameters());
    assertThat(RuntimeProbe.run(Files.readAllBytes(target), "x", INPUT, 1, 2))
        .containsExactly(PRUNED, within(0.1f));
  }

  @Test
  void shouldCompareAcrossTensorsWhenSomeAreQuantised() throws Exception {
    List<NodeProto> nodes =
        List.of(
            node("DequantizeLinear", "w", "s", "d"),
            node("MatMul", "x", "d", "h"),
            node("MatMul", "h", "v", "y"));
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                nodes,
                bytes("w", DataType.INT8, new long[] {2, 2}, 100, 90, -80, 70),
                scalar("s", 0.001f),
                RawOnnx.tensor("v", 1, 2, 3, 0.01f)));

    Map<String, Tensor> pruned = Half.of(source);

    assertThat(pruned.get("v").toFloats()).containsExactly(1, 2, 3, 0);
    byte[] left = new byte[4];
    pruned.get("w").bytes().get(left);
    assertThat(left).containsExactly(100, 0, 0, 0);
  }

  @Test
  void shouldLeaveIntegersAloneWhenTheirScaleIsNotKnown() throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(
                    with(node("Cast", "x", "xq"), "to", 2),
                    node("MatMulInteger", "xq", "w", "i"),
                    with(node("Cast", "i", "f"), "to", 1),
                    node("MatMul", "f", "v", "y")),
                bytes("w", DataType.INT8, new long[] {2, 2}, 1, 2, 3, 4),
                RawOnnx.tensor("v", 1, 2, 3, 4)));

    assertThat(source.graph().parameters()).extracting(Parameter::tensor).containsExactly("v");
  }

  @Test
  void shouldCountBiasesAndEmbeddingsFromTheirZeroPointWhenTheyAreQuantised() throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(
                    node("Gather", "table", "rows", "g"),
                    node("DequantizeLinear", "g", "s", "z", "e"),
                    node("MatMul", "x", "v", "h"),
                    node("Add", "h", "e", "y")),
                bytes("table", DataType.UINT8, new long[] {2, 2}, 7, 8, 7, 9),
                scalar("s", 0.5f),
                bytes("z", DataType.UINT8, new long[0], 7),
                longs("rows", 1),
                RawOnnx.tensor("v", 1, 2, 3, 4)));

    Parameter table = source.graph().parameters().get(0);

    assertThat(table.role()).isEqualTo(Parameter.Role.EMBEDDING);
    assertThat(NonZero.count(source.graph(), table)).isEqualTo(2);
    assertThat(source.graph().parameters()).extracting(Parameter::tensor).doesNotContain("s", "z");
  }

  private SourceModel open(byte[] model) throws IOException {
    Path file = Files.createTempFile(directory, "model", ".onnx");
    Files.write(file, model);
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }
}
