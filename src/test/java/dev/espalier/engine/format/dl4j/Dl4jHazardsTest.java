package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;
import static dev.espalier.contract.ReasonCode.WEIGHTS_NOT_FINITE;
import static dev.espalier.engine.format.dl4j.RawDl4j.LAYER;
import static dev.espalier.engine.format.dl4j.RawDl4j.altered;
import static dev.espalier.engine.format.dl4j.RawDl4j.coefficients;
import static dev.espalier.engine.format.dl4j.RawDl4j.configuration;
import static dev.espalier.engine.format.dl4j.RawDl4j.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.RawZip;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deeplearning4j files that are hostile, broken or beyond what is read. */
@Timeout(10)
public class Dl4jHazardsTest {
  private static final int HIDDEN_LAYERS = 100_000;

  @TempDir Path directory;

  /** All of them. */
  public static Stream<Hazard> hazards() {
    return Stream.concat(configurations(), tensors());
  }

  /** Unusual files that are read. */
  public static Stream<Hazard> allowed() {
    return Stream.of(
        Hazard.allowed("plain", () -> with(configuration(LAYER))),
        Hazard.allowed("already sparse", () -> with(coefficients(0, 0, 0, 1, 0, 0))),
        Hazard.allowed(
            "updater state of the wrong size",
            () ->
                RawDl4j.zip(configuration(LAYER), coefficients(1, 2, 3, 4, 5, 6))
                    .add("updaterState.bin", new byte[] {1, 2, 3})
                    .bytes()));
  }

  static Stream<Hazard> configurations() {
    String open = "[".repeat(200_000);
    String layers = "{}},{\"layer\":".repeat(HIDDEN_LAYERS);
    return Stream.of(
        new Hazard("deep JSON", MODEL_MALFORMED, () -> with("{\"confs\":" + open)),
        new Hazard("duplicate key", MODEL_MALFORMED, () -> with("{\"confs\":[],\"confs\":[]}")),
        new Hazard("text behind JSON", MODEL_MALFORMED, () -> with(configuration(LAYER) + "{}")),
        new Hazard("no layers", MODEL_INCOMPLETE, () -> with("{\"confs\":[]}")),
        new Hazard("100,000 layers", GRAPH_TOO_LARGE, () -> with(configuration(layers + LAYER))),
        new Hazard("no class", MODEL_MALFORMED, () -> with(configuration("{\"a\":{},\"b\":{}}"))),
        new Hazard(
            "code in an old file",
            LAYER_UNSUPPORTED,
            () -> with(configuration("{\"java.lang.Runtime\":{\"nin\":2}}"))),
        new Hazard(
            "foreign class",
            LAYER_UNSUPPORTED,
            () -> altered("org.deeplearning4j.nn.conf.layers.OutputLayer", "java.lang.Runtime")),
        new Hazard(
            "unknown layer", LAYER_UNSUPPORTED, () -> altered("layers.OutputLayer", "layers.Odd")),
        new Hazard(
            "peepholes",
            LAYER_UNSUPPORTED,
            () -> altered("layers.OutputLayer", "layers.GravesLSTM")),
        new Hazard(
            "mask by value",
            UNSUPPORTED_MASK,
            () -> altered("layers.OutputLayer", "layers.util.MaskZeroLayer")),
        new Hazard(
            "wrapped in each other",
            LAYER_UNSUPPORTED,
            () ->
                with(
                    configuration(
                        "{\"FrozenLayer\":{\"layer\":".repeat(10) + LAYER + "}}".repeat(10)))),
        new Hazard(
            "constraint that pruning breaks",
            LAYER_UNSUPPORTED,
            () ->
                altered(
                    "\"nin\":2",
                    "\"nin\":2,\"constraints\":[{\"@class\":\"org.deeplearning4j.nn.conf.constraint.UnitNormConstraint\"}]")),
        new Hazard(
            "foreign dropout",
            LAYER_UNSUPPORTED,
            () -> altered("\"nin\":2", "\"nin\":2,\"idropout\":{\"@class\":\"a.B\"}")),
        new Hazard(
            "foreign weight noise",
            LAYER_UNSUPPORTED,
            () -> altered("\"nin\":2", "\"nin\":2,\"weightNoise\":{\"@class\":\"a.B\"}")),
        new Hazard("unknown activation", LAYER_UNSUPPORTED, () -> altered("Softmax", "Odd")),
        new Hazard(
            "foreign activation",
            LAYER_UNSUPPORTED,
            () -> altered("org.nd4j.linalg.activations.impl.ActivationSoftmax", "a.B")),
        new Hazard(
            "foreign loss",
            LAYER_UNSUPPORTED,
            () -> altered("org.nd4j.linalg.lossfunctions.impl.LossMCXENT", "a.B")),
        new Hazard(
            "loss with another output",
            LAYER_UNSUPPORTED,
            () -> altered("LossMCXENT", "LossMixtureDensity")),
        new Hazard(
            "huge layer", TENSOR_INVALID, () -> altered("\"nout\":2", "\"nout\":2000000000")),
        new Hazard("overflow", MODEL_MALFORMED, () -> altered("\"nout\":2", "\"nout\":4294967298")),
        new Hazard("negative size", MODEL_MALFORMED, () -> altered("\"nin\":2", "\"nin\":-2")),
        new Hazard("fraction", MODEL_MALFORMED, () -> altered("\"nin\":2", "\"nin\":2.5")),
        new Hazard("text as number", MODEL_MALFORMED, () -> altered("\"nin\":2", "\"nin\":\"2\"")),
        new Hazard(
            "layers that do not fit",
            MODEL_MALFORMED,
            () ->
                file(
                    configuration(LAYER, LAYER.replace("\"nin\":2", "\"nin\":3")),
                    coefficients(new float[14]))));
  }

  static Stream<Hazard> tensors() {
    return Stream.of(
        new Hazard("2^36 elements", TENSOR_INVALID, () -> with(coefficients(1L << 36, "FLOAT", 1))),
        new Hazard("negative length", TENSOR_INVALID, () -> with(coefficients(-1, "FLOAT", 1))),
        new Hazard(
            "integers", TENSOR_INVALID, () -> with(coefficients(6, "INT", 1, 2, 3, 4, 5, 6))),
        new Hazard(
            "wrong type", TENSOR_INVALID, () -> with(coefficients(6, "DOUBLE", 1, 2, 3, 4, 5, 6))),
        new Hazard(
            "compressed",
            TENSOR_INVALID,
            () -> with(coefficients(6, "COMPRESSED", 1, 2, 3, 4, 5, 6))),
        new Hazard("one short", TENSOR_INVALID, () -> with(coefficients(1, 2, 3, 4, 5))),
        new Hazard("one too many", TENSOR_INVALID, () -> with(coefficients(1, 2, 3, 4, 5, 6, 7))),
        new Hazard(
            "truncated", TENSOR_INVALID, () -> with(Arrays.copyOf(coefficients(1, 2, 3), 40))),
        new Hazard(
            "none", MODEL_INCOMPLETE, () -> new RawZip().add("configuration.json", json()).bytes()),
        new Hazard(
            "old mode, truncated",
            TENSOR_INVALID,
            () -> with(new byte[] {0, 4, 'H', 'E', 'A', 'P', 0, 0, 0, 1})),
        new Hazard(
            "unknown mode",
            FORMAT_UNSUPPORTED_VERSION,
            () -> with(new byte[] {0, 4, 'H', 'E', 'L', 'P', 0, 0, 0, 1})),
        new Hazard("NaN", WEIGHTS_NOT_FINITE, () -> with(coefficients(1, 2, 3, 4, 5, Float.NaN))),
        new Hazard(
            "infinity",
            WEIGHTS_NOT_FINITE,
            () -> with(coefficients(1, Float.NEGATIVE_INFINITY, 3, 4, 5, 6))),
        new Hazard("custom normalizer", MODEL_HAS_CODE, () -> withNormalizer("CUSTOM")),
        new Hazard("unknown normalizer", MODEL_MALFORMED, () -> withNormalizer("OTHER")));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void shouldRefuseWhenConfigurationHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void shouldRefuseWhenDataHave(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @Test
  void shouldReadWhenUpdaterStateIsOfAnySizeAndWeightsAreZero() throws IOException {
    Path file = directory.resolve("sparse.zip");
    byte[] updater = {1, 2, 3};
    Files.write(
        file,
        RawDl4j.zip(configuration(LAYER), coefficients(0, 0, 0, 1, 0, 0))
            .add("updaterState.bin", updater)
            .bytes());

    Graph graph = FormatDetector.open(file, null, FormatLimits.defaults()).graph();

    assertThat(graph.initializers().get("0_W").toFloats()).containsExactly(0, 0, 0, 1);
  }

  private static byte[] with(String configuration) throws IOException {
    return file(configuration, coefficients(1, 2, 3, 4, 5, 6));
  }

  private static byte[] with(byte[] coefficients) {
    return file(configuration(LAYER), coefficients);
  }

  private static byte[] json() {
    return configuration(LAYER).getBytes();
  }

  private static byte[] withNormalizer(String type) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("NORMALIZER");
    out.writeInt(1);
    out.writeUTF(type);
    return RawDl4j.zip(configuration(LAYER), coefficients(1, 2, 3, 4, 5, 6))
        .add("normalizer.bin", bytes.toByteArray())
        .bytes();
  }
}
