package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs whose weights are stored as 8-bit integers or as a few shared values. */
class QuantizedJobTest {
  private static final Path KERAS = Path.of("src/test/resources/fixtures/keras/files");

  @TempDir static Path directory;
  private static Workbench bench;

  @BeforeAll
  static void train() throws IOException {
    bench = Workbench.trained(directory);
  }

  @Test
  void shouldJudgeAndWriteIntegersWhenTheModelIsOnnx() throws IOException {
    Policy policy = policy("int8");

    Judged judged = (Judged) run(bench.prune(policy, "int8"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    Path output = directory.resolve("int8/output/model.onnx");
    Graph written = open(output).graph();
    assertThat(written.prunable())
        .hasSize(3)
        .allMatch(p -> written.tensor(p).type() == DataType.INT8)
        .allMatch(p -> written.weights(p).nonZero() > 0)
        .extracting(Parameter::layer)
        .containsExactly("fc1", "fc2", "fc3");
    assertThat(judged.result().nonZero()).isEqualTo(NonZero.count(written));
    assertThat(judged.result().layers())
        .filteredOn(layer -> layer.name().equals("fc1.weight"))
        .singleElement()
        .satisfies(
            layer ->
                assertThat(layer.sparsity())
                    .isEqualTo(
                        1 - NonZero.count(written, written.prunable().get(0)) / (32 * 96.0),
                        within(1e-12)));
    EngineOutcome.Verified verified =
        (EngineOutcome.Verified)
            run(bench.spec(JobSpec.Operation.VERIFY, output, policy, "int8-verified"));
    assertThat(verified.value()).isEqualTo(judged.gate().pruned());
    assertThat(verified.nonZero()).isEqualTo(judged.result().nonZero());
    assertThat(judged.output().bytes()).isLessThan(Files.size(bench.model) / 3);
    assertThat(judged.input().bytesZstd()).isGreaterThan(judged.output().bytesZstd());
    assertUnpacks("int8", "model.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "codebook"})
  void shouldReachTheSameBitsWhenResumed(String form) throws IOException {
    JobSpec whole = bench.prune(policy(form), "whole-" + form);
    JobSpec resumed = bench.prune(policy(form), "resumed-" + form);
    run(whole);
    Path checkpoint = Path.of("checkpoints/1.checkpoint");
    Files.createDirectories(resumed.workDirectory().resolve(checkpoint).getParent());
    Files.copy(
        whole.workDirectory().resolve(checkpoint), resumed.workDirectory().resolve(checkpoint));

    assertThat(((Judged) run(resumed)).resumedFrom()).isEqualTo(1);
    for (String file : new String[] {"model.onnx", "model.sparse"}) {
      assertThat(resumed.workDirectory().resolve("output").resolve(file))
          .hasSameBinaryContentAs(whole.workDirectory().resolve("output").resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "onnx, int8, 98", "onnx, codebook, 80",
    "h5, int8, 62", "h5, codebook, 83",
    "keras, int8, 62", "keras, codebook, 83"
  })
  void shouldStoreFewBytesAndUnpackToTheSameFileWhateverTheFormat(
      String format, String form, int percent) throws IOException {
    Path model = model(format);
    String work = format + "-" + form;

    Judged judged = (Judged) run(bench.spec(JobSpec.Operation.PRUNE, model, policy(form), work));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    Graph written = open(directory.resolve(work + "/output/model." + format)).graph();
    assertThat(judged.result().nonZero()).isEqualTo(NonZero.count(written));
    for (Parameter kernel : written.prunable()) {
      if (form.equals("codebook")) {
        assertThat(values(written.tensor(kernel))).hasSizeLessThanOrEqualTo(16);
      } else if (!format.equals("onnx")) {
        assertThat(values(written.tensor(kernel)).size())
            .isLessThanOrEqualTo(254 * (int) written.tensor(kernel).dimension(1));
      }
    }
    assertThat(judged.output().archive().bytes() * 100)
        .isLessThan(judged.output().bytesZstd() * percent);
    assertUnpacks(work, "model." + format);
  }

  @Test
  void shouldScaleWholeTensorsWhenTheOperatorSetKnowsNoAxis() throws IOException {
    Judged judged =
        (Judged)
            run(bench.spec(JobSpec.Operation.PRUNE, at(11), policy("int8"), "operator-set-11"));

    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
    Graph written = open(directory.resolve("operator-set-11/output/model.onnx")).graph();
    assertThat(written.prunable())
        .hasSize(3)
        .allMatch(p -> written.initializers().get(p.quantization().scale()).rank() == 0);
  }

  @Test
  void shouldRefuseIntegersByNameWhenTheOperatorSetHasNone() throws IOException {
    assertThat(refused(at(9), "int8")).contains("operator set 9", "DequantizeLinear", "codebook");
    Judged judged =
        (Judged)
            run(bench.spec(JobSpec.Operation.PRUNE, at(9), policy("codebook"), "operator-set-9"));
    assertThat(judged.result().verdict()).isEqualTo(Verdict.PRUNED);
  }

  @Test
  void shouldRefuseByNameWhenTheModelIsQuantisedAlready() throws IOException {
    run(bench.prune(policy("int8"), "first"));
    Path quantised = directory.resolve("first/output/model.onnx");

    assertThat(refused(quantised, "int8")).contains("fc1.weight_quantized", "INT8");
  }

  @Test
  void shouldKeepWhatIsExcludedWhenQuantising() throws IOException {
    Policy policy = TestPolicies.like(policy("int8"), "exclude: [fc3]");

    run(bench.prune(policy, "excluded"));

    Graph written = open(directory.resolve("excluded/output/model.onnx")).graph();
    assertThat(written.initializers().get("fc3.weight").type()).isEqualTo(DataType.FLOAT);
    assertThat(written.initializers().get("fc2.weight_quantized").type()).isEqualTo(DataType.INT8);
  }

  private static Policy policy(String form) {
    return TestPolicies.like(Workbench.policy(0.8, 2, 1, 0.05, 0.1), "quantize: " + form);
  }

  private static String refused(Path model, String form) throws IOException {
    EngineOutcome.Refused refused =
        (EngineOutcome.Refused)
            run(bench.spec(JobSpec.Operation.PRUNE, model, policy(form), "refused"));
    assertThat(refused.reason().code()).isEqualTo(ReasonCode.POLICY_NOT_SUPPORTED);
    return refused.reason().message();
  }

  /** The trained model as of another operator set, whose operators do the same. */
  private static Path at(int opset) throws IOException {
    ModelProto.Builder model = ModelProto.newBuilder().mergeFrom(Files.readAllBytes(bench.model));
    model.getOpsetImportBuilder(0).setVersion(opset);
    return Files.write(directory.resolve(opset + ".onnx"), model.build().toByteArray());
  }

  private static Path model(String format) throws IOException {
    if (format.equals("onnx")) {
      return bench.model;
    }
    Path model = directory.resolve("trained." + format);
    if (!Files.exists(model)) {
      SourceModel empty =
          open(KERAS.resolve(format.equals("h5") ? "k29_perceptron.h5" : "k3_perceptron.keras"));
      empty.write(KerasPruningJobTest.trained(bench.model, empty.graph()), model);
    }
    return model;
  }

  private static void assertUnpacks(String work, String file) throws IOException {
    Path output = directory.resolve(work).resolve("output");
    run(
        bench.spec(
            JobSpec.Operation.UNPACK, output.resolve("model.sparse"), null, work + "-unpacked"));
    assertThat(directory.resolve(work + "-unpacked/output/unpacked"))
        .hasSameBinaryContentAs(output.resolve(file));
  }

  private static Set<Float> values(Tensor tensor) {
    Set<Float> values = new HashSet<>();
    for (float value : tensor.toFloats()) {
      if (value != 0) {
        values.add(value);
      }
    }
    return values;
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
