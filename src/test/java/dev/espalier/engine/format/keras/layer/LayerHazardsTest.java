package dev.espalier.engine.format.keras.layer;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;
import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of layers that contradict each other, the data or what can be held. */
class LayerHazardsTest {
  private static final String HUGE = "2147483647";
  private static final String FLAT = "[null, 5]";
  private static final String SEQUENCE = "[null, 4, 3]";
  private static final String IMAGES = "[null, 6, 5, 3]";
  private static byte[] weights = new byte[0];

  @TempDir Path directory;

  @BeforeAll
  static void takeWeightsOfADenseLayer() throws IOException {
    byte[] archive =
        LayerModels.all().stream()
            .filter(model -> model.name().equals("dense_relu_k3"))
            .findFirst()
            .orElseThrow()
            .model();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      ZipEntry entry = zip.getNextEntry();
      while (!entry.getName().equals("model.weights.h5")) {
        entry = zip.getNextEntry();
      }
      weights = zip.readAllBytes();
    }
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': -4")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': 0")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': 2.5")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': 4294967300")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': '4'")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'use_bias': true")),
        hazard(TENSOR_INVALID, FLAT, layer("Dense", "'units': 7")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dense", "'units': 6, 'use_bias': 'no'")),
        hazard(LAYER_UNSUPPORTED, FLAT, layer("Dense", "'units': 6, 'activation': 'sparsemax'")),
        hazard(
            MODEL_HAS_CODE,
            FLAT,
            layer(
                "Dense",
                "'units': 6, 'activation': {'class_name': '__lambda__', 'config': {'value': 'x'}}")),
        hazard(
            LAYER_UNSUPPORTED,
            FLAT,
            layer("Dense", "'units': 6, 'activation': {'class_name': 'PReLU', 'config': {}}")),
        hazard(LAYER_UNSUPPORTED, FLAT, layer("Perceptron", "")),
        hazard(MODEL_MALFORMED, FLAT, layer("Conv1D", "'filters': 2, 'kernel_size': [1]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': [7, 1]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': [" + HUGE + ", 1]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': [3]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': [3, -3]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'strides': [1, 1]")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'strides': 0")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'dilation_rate': " + HUGE)),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'groups': 2")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'padding': 'causal'")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'padding': 'full'")),
        hazard(MODEL_MALFORMED, IMAGES, conv("'kernel_size': 2, 'data_format': 'NHWC'")),
        hazard(
            LAYER_UNSUPPORTED,
            "[null, null, null, null]",
            layer("Conv2D", "'filters': 4, 'kernel_size': 1")),
        hazard(
            MODEL_MALFORMED,
            IMAGES,
            layer(
                "Conv2DTranspose",
                "'filters': 4, 'kernel_size': 3, 'strides': 2, 'output_padding': 2")),
        hazard(MODEL_MALFORMED, IMAGES, layer("MaxPooling2D", "'pool_size': [7, 2]")),
        hazard(MODEL_MALFORMED, IMAGES, layer("MaxPooling2D", "'pool_size': " + HUGE)),
        hazard(MODEL_MALFORMED, IMAGES, layer("AveragePooling2D", "'strides': -1")),
        hazard(MODEL_MALFORMED, FLAT, layer("GlobalAveragePooling2D", "")),
        hazard(GRAPH_TOO_LARGE, IMAGES, layer("UpSampling2D", "'size': " + HUGE)),
        hazard(LAYER_UNSUPPORTED, IMAGES, layer("UpSampling2D", "'interpolation': 'lanczos3'")),
        hazard(GRAPH_TOO_LARGE, IMAGES, layer("ZeroPadding2D", "'padding': " + HUGE)),
        hazard(MODEL_MALFORMED, IMAGES, layer("ZeroPadding2D", "'padding': [[1, 1]]")),
        hazard(MODEL_MALFORMED, IMAGES, layer("ZeroPadding2D", "'padding': [[1, -1], [0, 0]]")),
        hazard(MODEL_MALFORMED, IMAGES, layer("ZeroPadding2D", "")),
        hazard(MODEL_MALFORMED, IMAGES, layer("Cropping2D", "'cropping': 3")),
        hazard(GRAPH_TOO_LARGE, FLAT, layer("RepeatVector", "'n': " + HUGE)),
        hazard(MODEL_MALFORMED, SEQUENCE, layer("RepeatVector", "'n': 2")),
        hazard(MODEL_MALFORMED, FLAT, layer("Reshape", "'target_shape': [2, 3]")),
        hazard(MODEL_MALFORMED, FLAT, layer("Reshape", "'target_shape': [-1, -1]")),
        hazard(MODEL_MALFORMED, FLAT, layer("Reshape", "'target_shape': [0, -1]")),
        hazard(
            GRAPH_TOO_LARGE,
            FLAT,
            layer("Reshape", "'target_shape': [%s, %s, %s]".formatted(HUGE, HUGE, HUGE))),
        hazard(MODEL_MALFORMED, SEQUENCE, layer("Permute", "'dims': [2, 2]")),
        hazard(MODEL_MALFORMED, SEQUENCE, layer("Permute", "'dims': [2]")),
        hazard(MODEL_MALFORMED, FLAT, layer("Softmax", "'axis': 2")),
        hazard(LAYER_UNSUPPORTED, SEQUENCE, layer("Softmax", "'axis': [1, 2]")),
        hazard(LAYER_UNSUPPORTED, FLAT, layer("BatchNormalization", "'axis': 0")),
        hazard(LAYER_UNSUPPORTED, IMAGES, layer("BatchNormalization", "'axis': [1, 3]")),
        hazard(LAYER_UNSUPPORTED, IMAGES, layer("BatchNormalization", "'axis': 2")),
        hazard(MODEL_MALFORMED, FLAT, layer("BatchNormalization", "'momentum': 3")),
        hazard(MODEL_MALFORMED, FLAT, layer("BatchNormalization", "'epsilon': -1")),
        hazard(MODEL_MALFORMED, FLAT, layer("LayerNormalization", "'axis': [1, 1]")),
        hazard(LAYER_UNSUPPORTED, FLAT, layer("LayerNormalization", "'rms_scaling': true")),
        hazard(
            GRAPH_TOO_LARGE,
            "[null, " + HUGE + "]",
            layer("LayerNormalization", "'scale': false, 'center': false")),
        hazard(MODEL_MALFORMED, FLAT, layer("GroupNormalization", "'groups': 2")),
        hazard(MODEL_MALFORMED, FLAT, layer("GroupNormalization", "'groups': 0")),
        hazard(
            MODEL_MALFORMED, FLAT, layer("Normalization", "'mean': [1, 2], 'variance': [1, 'x']")),
        hazard(MODEL_MALFORMED, FLAT, layer("Rescaling", "'scale': [1, 2]")),
        hazard(MODEL_MALFORMED, FLAT, layer("ReLU", "'max_value': -1")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dropout", "'rate': 1.5")),
        hazard(MODEL_MALFORMED, FLAT, layer("Add", "")),
        hazard(MODEL_MALFORMED, FLAT, layer("Dot", "'axes': 1")),
        hazard(MODEL_MALFORMED, FLAT, layer("LSTM", "'units': 3")),
        hazard(MODEL_MALFORMED, SEQUENCE, layer("LSTM", "'units': -3")),
        hazard(LAYER_UNSUPPORTED, SEQUENCE, layer("LSTM", "'units': 3, 'stateful': true")),
        hazard(LAYER_UNSUPPORTED, SEQUENCE, layer("GRU", "'units': 3, 'activation': 'selu'")),
        hazard(LAYER_UNSUPPORTED, "[null, 4, null]", layer("GRU", "'units': 3")),
        hazard(
            LAYER_UNSUPPORTED,
            SEQUENCE,
            layer("Bidirectional", "'layer': " + layer("Dense", "'units': 3"))),
        hazard(
            MODEL_MALFORMED,
            SEQUENCE,
            layer("Bidirectional", "'merge_mode': 'max', 'layer': " + layer("GRU", "'units': 3"))),
        hazard(MODEL_MALFORMED, SEQUENCE, layer("Bidirectional", "")),
        hazard(
            LAYER_UNSUPPORTED,
            SEQUENCE,
            layer("RNN", "'cell': " + layer("StackedRNNCells", "'cells': []"))),
        hazard(
            LAYER_UNSUPPORTED,
            IMAGES,
            layer("Resizing", "'height': 2, 'width': 2, 'interpolation': 'area'")),
        hazard(
            GRAPH_TOO_LARGE,
            IMAGES,
            layer("Resizing", "'height': 999999, 'width': 999999, 'interpolation': 'bilinear'")),
        hazard(
            LAYER_UNSUPPORTED,
            SEQUENCE,
            layer("TimeDistributed", "'layer': " + layer("Perceptron", ""))),
        hazard(
            MODEL_MALFORMED,
            FLAT,
            layer("TimeDistributed", "'layer': " + layer("Dense", "'units': 3"))),
        hazard(UNSUPPORTED_MASK, SEQUENCE, layer("Masking", ""), layer("Softmax", "")),
        hazard(
            UNSUPPORTED_MASK,
            SEQUENCE,
            layer("Masking", ""),
            layer("LSTM", "'units': 2, 'zero_output_for_mask': true")),
        hazard(
            UNSUPPORTED_MASK,
            "[null, 4, 3]",
            layer("Embedding", "'input_dim': 4, 'output_dim': 2, 'mask_zero': true")),
        hazard(MODEL_MALFORMED, FLAT, layer("MultiHeadAttention", "'num_heads': 2, 'key_dim': 2")),
        // The archive has the weights of two Dense layers and nothing else.
        hazard(TENSOR_INVALID, "[null, 3]", layer("Dense", "'units': 6")),
        hazard(MODEL_INCOMPLETE, SEQUENCE, layer("LSTM", "'units': 3")));
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        Arguments.of(LAYER_UNSUPPORTED, "io.read_file", "['in', 0, 0, {'name': null}]"),
        Arguments.of(LAYER_UNSUPPORTED, "math.add", "['in', 0, 0, {'y': 1.0, 'scale': 2}]"),
        Arguments.of(LAYER_UNSUPPORTED, "math.add", "['in', 0, 0, {}]"),
        Arguments.of(MODEL_MALFORMED, "math.add", "['in', 0, 0, {'y': 'x'}]"),
        Arguments.of(MODEL_MALFORMED, "math.add", "['in', 0, 0, {'y': []}]"),
        Arguments.of(MODEL_MALFORMED, "math.add", "['in', 0, 0, {'y': [1, 2, 3]}]"),
        Arguments.of(MODEL_MALFORMED, "math.add", "['in', 0, 0, {'y': [[1, 2], [3]]}]"),
        Arguments.of(LAYER_UNSUPPORTED, "math.reduce_sum", "['in', 0, 0, {}]"),
        Arguments.of(MODEL_MALFORMED, "math.reduce_sum", "['in', 0, 0, {'axis': 7}]"),
        Arguments.of(LAYER_UNSUPPORTED, "nn.sparsemax", "['in', 0, 0, {}]"));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void shouldRefuseWithTheRightCodeWhenAFunctionIsNotKnownOrDoesNotFit(
      ReasonCode expected, String function, String call) throws IOException {
    Path file = directory.resolve("model.keras");
    String layers =
        "{'class_name': 'InputLayer', 'name': 'in', 'inbound_nodes': [],"
            + " 'config': {'batch_shape': [null, 5], 'name': 'in'}},"
            + "{'class_name': 'TFOpLambda', 'name': 'f', 'inbound_nodes': [%s],"
            + " 'config': {'name': 'f', 'function': '%s'}}";
    String config =
        "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [%s],"
            + " 'input_layers': [['in', 0, 0]], 'output_layers': [['f', 0, 0]]}}";
    write(file, config.formatted(layers.formatted(call, function)).replace('\'', '"'));

    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> FormatDetector.open(file, null, FormatLimits.defaults()));

    assertThat(refusal).isNotNull();
    assertThat(refusal.reason().code()).as(refusal.getMessage()).isEqualTo(expected);
    assertThat(refusal).hasMessageContaining("layer 'f'");
  }

  @ParameterizedTest
  @MethodSource("settings")
  void shouldRefuseWithTheRightCodeWhenSettingsDoNotHold(
      ReasonCode expected, String input, List<String> layers) throws IOException {
    Path file = directory.resolve("model.keras");
    write(file, config(input, layers));

    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> FormatDetector.open(file, null, FormatLimits.defaults()));

    assertThat(refusal).isNotNull();
    assertThat(refusal.reason().code()).as(refusal.getMessage()).isEqualTo(expected);
    assertThat(refusal).hasMessageContaining("layer");
  }

  private static Arguments hazard(ReasonCode expected, String input, String... layers) {
    return Arguments.of(expected, input, List.of(layers));
  }

  private static String conv(String settings) {
    return layer("Conv2D", "'filters': 4, " + settings);
  }

  private static String layer(String type, String settings) {
    String name = "'name': '" + type.toLowerCase(java.util.Locale.ROOT) + "'";
    return "{'class_name': '%s', 'config': {%s%s}}"
        .formatted(type, name, settings.isEmpty() ? "" : ", " + settings);
  }

  private static String config(String input, List<String> layers) {
    List<String> all = new ArrayList<>();
    all.add(
        "{'class_name': 'InputLayer', 'config': {'batch_shape': %s, 'name': 'in'}}"
            .formatted(input));
    all.addAll(layers);
    return "{'class_name': 'Sequential', 'config': {'name': 'm', 'layers': [%s]}}"
        .formatted(String.join(", ", all))
        .replace('\'', '"');
  }

  private static void write(Path file, String config) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "metadata.json", "{\"keras_version\": \"3.5.0\"}".getBytes(UTF_8));
      put(zip, "config.json", config.getBytes(UTF_8));
      put(zip, "model.weights.h5", weights);
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }
}
