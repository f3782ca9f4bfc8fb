package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.platform.Fp16Conversions;
import com.google.protobuf.ByteString;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelResult.Layer.Changed;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs on models whose weights are not single-precision numbers. */
class ElementTypesJobTest {
  private static final int INT = 2;
  private static final int ZERO_POINT = 128;

  @TempDir static Path directory;
  private static Workbench bench;
  private static ModelProto trained;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
    trained = ModelProto.parseFrom(Files.readAllBytes(bench.model));
  }

  @Test
  void shouldPruneToZeroPointsWhenKernelsAreQuantised() throws IOException {
    shouldKeepAccuracyAndSayWhatItDid("quantised", quantised(trained), "fc1.weight.q");
  }

  @Test
  void shouldPruneHalfPrecisionWhenModelIsInIt() throws IOException {
    shouldKeepAccuracyAndSayWhatItDid("half", half(trained), "fc1.weight");
  }

  /** Updated weights are rounded to what their form can stand for, some of them to zero. */
  @ParameterizedTest
  @ValueSource(strings = {"wanda", "obs"})
  void shouldPruneByLayerInputsWhenWeightsAreQuantisedOrHalf(String criterion) throws IOException {
    for (String form : List.of("quantised", "half")) {
      Path model = directory.resolve(criterion + form + ".onnx");
      Files.write(model, (form.equals("half") ? half(trained) : quantised(trained)).toByteArray());
      Policy policy =
          TestPolicies.like(Workbench.policy(0.4, 2, 1, 0.1, 0), "criterion: " + criterion);
      JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, model, policy, criterion + form);

      try (Monitor monitor = new Monitor(new PrintStream(OutputStream.nullOutputStream()))) {
        Judged judged = (Judged) EngineMain.run(spec, monitor);
        assertThat(judged.result().verdict()).as(form).isEqualTo(Verdict.PRUNED);
        assertThat(judged.result().sparsity()).as(form).isBetween(0.4, 0.43);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "quantised"})
  void shouldRemoveNeuronsWhenWeightsAreQuantisedOrHalf(String form) throws IOException {
    Path model = directory.resolve("neurons-" + form + ".onnx");
    Files.write(model, (form.equals("half") ? half(trained) : quantised(trained)).toByteArray());
    Policy policy =
        TestPolicies.like(
            Workbench.policy(0.25, 2, 0, 0.1, 0),
            "granularity: filter, criterion: filter-l2,"
                + " gate: {max-drop: 0.1, min-size-reduction: 0, min-speedup: 0}");
    JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, model, policy, "neurons-" + form);

    EngineOutcome outcome = InProcess.run(spec);

    assertThat(outcome).as(outcome.toString()).isInstanceOf(Judged.class);
    Judged judged = (Judged) outcome;
    assertThat(judged.result().verdict()).as(outcome.toString()).isEqualTo(Verdict.PRUNED);
    assertThat(judged.result().layers())
        .filteredOn(layer -> layer.name().startsWith("fc2.weight"))
        .extracting(layer -> layer.shapeAfter().get(1))
        .contains(36L);
  }

  @Test
  void shouldRefuseByNameWhenACriterionNeedsGradientsOfQuantisedOrHalfWeights() throws IOException {
    refuseTaylor("quantised-taylor", quantised(trained), "(DequantizeLinear)");
    refuseTaylor("half-taylor", half(trained), "'fc1.weight' is FLOAT16");
  }

  private static void refuseTaylor(String name, ModelProto proto, String obstacle)
      throws IOException {
    Path model = directory.resolve(name + ".onnx");
    Files.write(model, proto.toByteArray());
    Policy like = Workbench.policy(0.4, 2, 1, 0.1, 0);
    Policy policy = TestPolicies.like(like, "criterion: taylor, gradient-samples: 64");
    JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, model, policy, name);

    try (Monitor monitor = new Monitor(new PrintStream(OutputStream.nullOutputStream()))) {
      EngineOutcome outcome = EngineMain.run(spec, monitor);
      assertThat(((EngineOutcome.Refused) outcome).reason().code())
          .isEqualTo(ReasonCode.OPERATOR_UNSUPPORTED);
      assertThat(((EngineOutcome.Refused) outcome).reason().message())
          .contains("'taylor'", obstacle);
    }
  }

  private static void shouldKeepAccuracyAndSayWhatItDid(
      String name, ModelProto proto, String kernel) throws IOException {
    Path model = directory.resolve(name + ".onnx");
    Files.write(model, proto.toByteArray());
    Policy policy = Workbench.policy(0.4, 2, 1, 0.1, 0);
    JobSpec spec = bench.spec(JobSpec.Operation.PRUNE, model, policy, name);

    Judged judged;
    try (Monitor monitor = new Monitor(new PrintStream(OutputStream.nullOutputStream()))) {
      judged = (Judged) EngineMain.run(spec, monitor);
    }

    ModelResult.Result result = judged.result();
    assertThat(result.verdict()).isEqualTo(Verdict.PRUNED);
    assertThat(result.recovery()).contains("cannot be trained");
    assertThat(result.sparsity()).isEqualTo(0.4, within(1e-3));
    assertThat(result.layers())
        .filteredOn(layer -> layer.changed() == Changed.PRUNED)
        .extracting(ModelResult.Layer::name)
        .contains(kernel);
    Graph written =
        FormatDetector.open(
                spec.workDirectory().resolve("output/model.onnx"), null, FormatLimits.defaults())
            .graph();
    assertThat(result.nonZero()).isEqualTo(NonZero.count(written));
    assertThat(written.prunable()).hasSize(3);
    assertThat(written.tensor(written.prunable().get(0)).type()).isNotEqualTo(DataType.FLOAT);
  }

  /** With uint8 kernels, a scale per column, and 128 for zero. */
  private static ModelProto quantised(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearInitializer().clearNode();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDimsCount() != 2) {
        graph.addInitializer(tensor);
        continue;
      }
      FloatBuffer weights = floats(tensor);
      int columns = (int) tensor.getDims(1);
      float[] scales = new float[columns];
      for (int i = 0; i < weights.capacity(); i++) {
        scales[i % columns] = Math.max(scales[i % columns], Math.abs(weights.get(i)) / 127);
      }
      byte[] stored = new byte[weights.capacity()];
      for (int i = 0; i < stored.length; i++) {
        stored[i] = (byte) (Math.round(weights.get(i) / scales[i % columns]) + ZERO_POINT);
      }
      byte[] zeros = new byte[columns];
      Arrays.fill(zeros, (byte) ZERO_POINT);
      String name = tensor.getName();
      graph
          .addInitializer(of(name + ".q", DataType.UINT8, stored, tensor.getDims(0), columns))
          .addInitializer(of(name + ".s", DataType.FLOAT, bytes(scales), columns))
          .addInitializer(of(name + ".z", DataType.UINT8, zeros, columns))
          .addNode(
              NodeProto.newBuilder()
                  .setOpType("DequantizeLinear")
                  .addInput(name + ".q")
                  .addInput(name + ".s")
                  .addInput(name + ".z")
                  .addOutput(name)
                  .addAttribute(AttributeProto.newBuilder().setName("axis").setType(INT).setI(1)));
    }
    graph.addAllNode(model.getGraph().getNodeList());
    return model.toBuilder().setGraph(graph).build();
  }

  /** In half precision throughout. */
  private static ModelProto half(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      ShortBuffer halves = Fp16Conversions.convertFloatBufferToFp16Buffer(floats(tensor.build()));
      ByteBuffer bytes =
          ByteBuffer.allocate(halves.capacity() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asShortBuffer().put(halves);
      tensor.setDataType(DataType.FLOAT16.onnxCode()).setRawData(ByteString.copyFrom(bytes));
    }
    graph.getInputBuilderList().forEach(ElementTypesJobTest::makeHalf);
    graph.getOutputBuilderList().forEach(ElementTypesJobTest::makeHalf);
    return model.toBuilder().setGraph(graph).build();
  }

  private static void makeHalf(ValueInfoProto.Builder value) {
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT16.onnxCode());
  }

  private static FloatBuffer floats(TensorProto tensor) {
    return tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  private static byte[] bytes(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static TensorProto of(String name, DataType type, byte[] raw, long... shape) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.onnxCode())
            .setRawData(ByteString.copyFrom(raw));
    for (long size : shape) {
      proto.addDims(size);
    }
    return proto.build();
  }
}
