package dev.espalier.engine.format.onnx;

import static dev.espalier.engine.format.onnx.RawOnnx.bytes;
import static dev.espalier.engine.format.onnx.RawOnnx.floats;
import static dev.espalier.engine.format.onnx.RawOnnx.node;
import static dev.espalier.engine.format.onnx.RawOnnx.scalar;
import static dev.espalier.engine.format.onnx.RawOnnx.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights that stand behind operators which make them what they are used as. */
class StoredFormsTest {
  private static final float[] INPUT = {3, 5};

  /** The product with {@code [[0, −4], [0, 6]]}. */
  private static final float[] PRUNED = {0, -12 + 30};

  @TempDir Path directory;

  @Test
  void shouldTellBiasFromKernelWhenBothAreQuantised() throws Exception {
    TensorProto bias =
        TensorProto.newBuilder()
            .setName("b")
            .setDataType(DataType.INT32.onnxCode())
            .addDims(2)
            .addInt32Data(0)
            .addInt32Data(-3)
            .build();
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(
                    node("DequantizeLinear", "w", "s", "d"),
                    node("DequantizeLinear", "b", "s", "e"),
                    node("Gemm", "x", "d", "e", "y")),
                bytes("w", DataType.INT8, new long[] {2, 2}, 0, 90, -80, 0),
                scalar("s", 0.5f),
                bias));

    assertThat(source.graph().parameters())
        .extracting(Parameter::tensor, Parameter::role)
        .containsExactly(tuple("w", Parameter.Role.KERNEL), tuple("b", Parameter.Role.BIAS));
    assertThat(NonZero.count(source.graph())).isEqualTo(3);
  }

  @Test
  void shouldPruneRealWeightsWhenTheyAreQuantisedAtRunTime() throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(
                    node("QuantizeLinear", "w", "s", "z", "q"),
                    node("DequantizeLinear", "q", "s", "z", "d"),
                    node("MatMul", "x", "d", "y")),
                RawOnnx.tensor("w", 1, -4, 0.5f, 6),
                scalar("s", 0.5f),
                bytes("z", DataType.UINT8, new long[0], 100)));

    Map<String, Tensor> pruned = Half.of(source);

    assertThat(pruned.get("w").toFloats()).containsExactly(0, -4, 0, 6);
    assertThat(RuntimeProbe.run(source.graph().with(pruned), INPUT, 1, 2))
        .containsExactly(PRUNED, within(0.1f));
  }

  @Test
  void shouldNotBringTheRuntimeDownWhenTransposeOfQuantisedWeightsNamesNoAxes() throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(
                    with(node("DequantizeLinear", "w", "s", "z", "d"), "axis", 0),
                    node("Transpose", "d", "t"),
                    node("MatMul", "x", "t", "y")),
                bytes("w", DataType.INT8, new long[] {2, 2}, 2, 1, -2, 3),
                floats("s", 0.5f, 2),
                bytes("z", DataType.INT8, new long[] {2}, 0, 0)));

    assertThat(RuntimeProbe.run(source.graph().with(Half.of(source)), INPUT, 1, 2))
        .containsExactly(PRUNED, within(0.1f));
  }

  @Test
  void shouldPruneHalvesWhenTheyAreCastBeforeUse() throws Exception {
    SourceModel source =
        open(
            RawOnnx.model(
                13,
                List.of(with(node("Cast", "h", "w"), "to", 1), node("MatMul", "x", "w", "y")),
                TensorProto.newBuilder()
                    .setName("h")
                    .setDataType(DataType.FLOAT16.onnxCode())
                    .addDims(2)
                    .addDims(2)
                    .addAllInt32Data(List.of(0x3C00, 0xC400, 0x3800, 0x4600))
                    .build()));
    Path target = directory.resolve("halves.onnx");

    source.write(Half.of(source), target);

    assertThat(RuntimeProbe.run(Files.readAllBytes(target), "x", INPUT, 1, 2))
        .containsExactly(PRUNED);
  }

  private SourceModel open(byte[] model) throws IOException {
    Path file = Files.createTempFile(directory, "model", ".onnx");
    Files.write(file, model);
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }
}
