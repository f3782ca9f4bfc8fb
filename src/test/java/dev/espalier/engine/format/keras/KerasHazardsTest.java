package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.EXTERNAL_DATA;
import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.contract.ReasonCode.WEIGHTS_NOT_FINITE;
import static dev.espalier.engine.format.keras.KerasArchives.altered;
import static dev.espalier.engine.format.keras.KerasArchives.archive;
import static dev.espalier.engine.format.keras.KerasArchives.config;
import static dev.espalier.engine.format.keras.KerasArchives.fixture;
import static dev.espalier.engine.format.keras.KerasArchives.function;
import static dev.espalier.engine.format.keras.KerasArchives.inH5;
import static dev.espalier.engine.format.keras.KerasArchives.layer;
import static dev.espalier.engine.format.keras.KerasArchives.module;
import static dev.espalier.engine.format.keras.KerasArchives.notFinite;
import static dev.espalier.engine.format.keras.KerasArchives.patched;
import static dev.espalier.engine.format.keras.KerasArchives.sequential;
import static dev.espalier.engine.format.keras.KerasArchives.truncated;
import static dev.espalier.engine.format.keras.KerasArchives.weightsFile;
import static dev.espalier.engine.format.keras.KerasArchives.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ReasonCode;
import dev.espalier.engine.format.Hazard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keras files that are hostile, broken or beyond what is read. */
@Timeout(10)
public class KerasHazardsTest {
  private static final Path HOSTILE = Path.of("src/test/resources/fixtures/keras/hostile");

  @TempDir Path directory;

  /** All of them. */
  public static Stream<Hazard> hazards() {
    return Stream.of(code(), structure(), archives(), weights(), hdf5()).flatMap(all -> all);
  }

  /** Unusual files that are read. */
  public static Stream<Hazard> allowed() {
    return Stream.of(
        Hazard.allowed("Keras 2 .h5", () -> fixture("k24_functional.h5")),
        Hazard.allowed("compressed and chunked datasets", () -> fixture("k29_odd_datasets.h5")),
        Hazard.allowed("user block", () -> fixture("k29_user_block.h5")),
        Hazard.allowed("newest file format", () -> fixture("k29_latest.h5")),
        Hazard.allowed("deflated archive", () -> fixture("k3_deflated.keras")),
        Hazard.allowed(
            "loss known by name",
            () -> altered("\"loss\": \"mse\"", "\"loss\": " + function("builtins", "my_loss"))),
        Hazard.allowed(
            "metric of the training script",
            () -> altered("\"metrics\": null", "\"metrics\": " + function("__main__", "f"))));
  }

  private static Stream<Hazard> code() {
    return Stream.of(
        new Hazard("Lambda layer", MODEL_HAS_CODE, () -> altered("Flatten", "Lambda")),
        new Hazard("module os", MODEL_HAS_CODE, () -> module("os")),
        new Hazard("module builtins.eval", MODEL_HAS_CODE, () -> module("builtins.eval")),
        new Hazard("module builtins", MODEL_HAS_CODE, () -> module("builtins")),
        new Hazard("module keras.config", MODEL_HAS_CODE, () -> module("keras.config")),
        new Hazard(
            "module keras.src.utils", MODEL_HAS_CODE, () -> module("keras.src.utils.file_utils")),
        new Hazard("module keras_evil", MODEL_HAS_CODE, () -> module("keras_evil")),
        new Hazard(
            "activation from subprocess",
            MODEL_HAS_CODE,
            () -> altered("\"softmax\"", function("subprocess", "Popen"))),
        new Hazard(
            "marshalled activation",
            MODEL_HAS_CODE,
            () ->
                altered(
                    "\"softmax\"",
                    "{\"class_name\":\"__lambda__\",\"config\":{\"value\":\"4w==\"}}")),
        new Hazard(
            "initializer from os",
            MODEL_HAS_CODE,
            () -> altered("\"module\": \"keras.initializers\"", "\"module\": \"os\"")),
        new Hazard(
            "metric from os",
            MODEL_HAS_CODE,
            () -> altered("\"metrics\": null", "\"metrics\": " + function("os", "system"))),
        new Hazard(
            "Lambda layer in .h5",
            MODEL_HAS_CODE,
            () -> inH5("\"class_name\": \"Flatten\"", "\"class_name\": \"Lambda\" ")),
        new Hazard(
            "registered custom layer",
            LAYER_UNSUPPORTED,
            () -> layer("flatten", "Mine", "my.layers", "Custom>Mine")),
        new Hazard(
            "custom layer in .h5",
            LAYER_UNSUPPORTED,
            () -> inH5("\"class_name\": \"Flatten\"", "\"class_name\": \"MyLayer\"")),
        new Hazard(
            "subclassed model",
            LAYER_UNSUPPORTED,
            () -> config("{\"class_name\":\"MyModel\",\"config\":{}}")),
        new Hazard(
            "bfloat16 policy",
            LAYER_UNSUPPORTED,
            () -> altered("{\"name\": \"float32\"}", "{\"name\": \"bfloat16\"}")),
        new Hazard(
            "quantised policy",
            LAYER_UNSUPPORTED,
            () -> altered("{\"name\": \"float32\"}", "{\"name\": \"int8_from_float32\"}")));
  }

  private static Stream<Hazard> structure() {
    String layer = "{\"class_name\":\"Flatten\",\"config\":{}}";
    return Stream.of(
        new Hazard("not JSON", MODEL_MALFORMED, () -> config("nothing")),
        new Hazard("JSON list", MODEL_MALFORMED, () -> config("[]")),
        new Hazard("deep JSON", MODEL_MALFORMED, () -> config("{\"a\":" + "[".repeat(200_000))),
        new Hazard(
            "duplicate key",
            MODEL_MALFORMED,
            () -> altered("\"class_name\": \"Flatten\"", "\"class_name\":1,\"class_name\":2")),
        new Hazard("no layers", MODEL_INCOMPLETE, () -> sequential("")),
        new Hazard("no input shape", MODEL_INCOMPLETE, () -> sequential(layer)),
        new Hazard(
            "100,000 layers",
            GRAPH_TOO_LARGE,
            () -> sequential((layer + ",").repeat(99_999) + layer)),
        new Hazard("20 MB of JSON", ReasonCode.ARCHIVE_BOMB, () -> config(" ".repeat(20 << 20))),
        new Hazard(
            "cyclic graph",
            MODEL_MALFORMED,
            () ->
                altered(
                    "\"keras_history\": [\"input_1\", 0, 0]",
                    "\"keras_history\": [\"dense\", 0, 0]")),
        new Hazard(
            "unknown layer called",
            MODEL_MALFORMED,
            () ->
                altered(
                    "\"keras_history\": [\"input_1\", 0, 0]", "\"keras_history\": [\"x\", 0, 0]")),
        new Hazard(
            "second result of a layer",
            MODEL_MALFORMED,
            () ->
                altered(
                    "\"keras_history\": [\"conv2d\", 0, 0]",
                    "\"keras_history\": [\"conv2d\", 0, 1]")),
        new Hazard(
            "shared layer",
            LAYER_UNSUPPORTED,
            () -> altered("\"inbound_nodes\": [{\"args\"", "\"inbound_nodes\": [{},{\"args\"")),
        new Hazard(
            "huge layer", GRAPH_TOO_LARGE, () -> altered("\"units\": 5", "\"units\": 2000000000")),
        new Hazard(
            "negative units", MODEL_MALFORMED, () -> altered("\"units\": 5", "\"units\": -5")),
        new Hazard("fraction", MODEL_MALFORMED, () -> altered("\"units\": 5", "\"units\": 5.5")),
        new Hazard("other size", TENSOR_INVALID, () -> altered("\"units\": 5", "\"units\": 6")));
  }

  private static Stream<Hazard> archives() {
    return Stream.of(
        new Hazard("zip-slip", ARCHIVE_ENTRY_NOT_ALLOWED, () -> with("../../x", new byte[1])),
        new Hazard("absolute entry", ARCHIVE_ENTRY_NOT_ALLOWED, () -> with("/etc/x", new byte[1])),
        new Hazard(
            "assets", ARCHIVE_ENTRY_NOT_ALLOWED, () -> with("assets/vocab.txt", new byte[1])),
        new Hazard("no weights", MODEL_INCOMPLETE, () -> archive(config(), null)),
        new Hazard("no configuration", MODEL_INCOMPLETE, () -> archive(null, weightsFile())),
        new Hazard(
            "weights that are not HDF5", MODEL_MALFORMED, () -> archive(config(), new byte[99])),
        new Hazard(
            "truncated weights",
            MODEL_MALFORMED,
            () -> archive(config(), Arrays.copyOf(weightsFile(), weightsFile().length / 2))));
  }

  private static Stream<Hazard> weights() {
    return Stream.of(
        new Hazard(
            "weights only",
            MODEL_INCOMPLETE,
            () -> patched("k24_functional.h5", "model_config", "model_confix")),
        new Hazard(
            "no weights in .h5",
            MODEL_INCOMPLETE,
            () -> patched("k24_functional.h5", "model_weights", "model_weightz")),
        new Hazard(
            "Keras 1",
            FORMAT_UNSUPPORTED_VERSION,
            () -> patched("k24_functional.h5", "2.4.0", "1.2.2")),
        new Hazard(
            "kernels of Theano",
            FORMAT_UNSUPPORTED_VERSION,
            () -> patched("k24_functional.h5", "tensorflow", "theano\0\0\0\0")),
        new Hazard("NaN weights", WEIGHTS_NOT_FINITE, () -> notFinite(Float.NaN)),
        new Hazard(
            "infinite weights", WEIGHTS_NOT_FINITE, () -> notFinite(Float.NEGATIVE_INFINITY)),
        new Hazard("a quarter", MODEL_MALFORMED, () -> truncated(0.25)),
        new Hazard("half", MODEL_MALFORMED, () -> truncated(0.5)),
        new Hazard("all but a byte", MODEL_MALFORMED, () -> truncated(0.9999)));
  }

  private static Stream<Hazard> hdf5() {
    Map<String, ReasonCode> codes =
        Map.ofEntries(
            Map.entry("external-link", EXTERNAL_DATA),
            Map.entry("external-storage", EXTERNAL_DATA),
            Map.entry("virtual-dataset", EXTERNAL_DATA),
            Map.entry("soft-link", FORMAT_UNSUPPORTED_VERSION),
            Map.entry("committed-type", FORMAT_UNSUPPORTED_VERSION),
            Map.entry("compound", FORMAT_UNSUPPORTED_VERSION),
            Map.entry("object-references", FORMAT_UNSUPPORTED_VERSION),
            Map.entry("unknown-filter", FORMAT_UNSUPPORTED_VERSION),
            Map.entry("chunk-bomb", ARCHIVE_BOMB),
            Map.entry("dims-2-40", TENSOR_INVALID),
            Map.entry("dims-overflow", TENSOR_INVALID));
    return Arrays.stream(HOSTILE.toFile().list())
        .filter(name -> name.endsWith(".h5"))
        .sorted()
        .map(name -> name.replace(".h5", ""))
        .map(
            name ->
                new Hazard(
                    name,
                    codes.getOrDefault(name, MODEL_MALFORMED),
                    () -> Files.readAllBytes(HOSTILE.resolve(name + ".h5"))));
  }

  @ParameterizedTest
  @MethodSource("hazards")
  void shouldRefuseWhenFileHas(Hazard hazard) throws IOException {
    hazard.mustBeRefused(directory, null);
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void shouldReadWhenFileIsMerelyUnusual(Hazard hazard) throws IOException {
    Path file = Files.write(directory.resolve("model"), hazard.content().bytes());

    assertThat(KerasFixtures.open(file).graph().parameters()).isNotEmpty();
  }

  @Test
  void shouldNameTheLayerWhenItsClassIsCustom() throws IOException {
    Path file =
        Files.write(
            directory.resolve("model"),
            inH5("\"class_name\": \"Flatten\"", "\"class_name\": \"MyLayer\""));

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> KerasFixtures.open(file))
        .hasMessageContaining("MyLayer")
        .hasMessageContaining("flatten");
  }
}
