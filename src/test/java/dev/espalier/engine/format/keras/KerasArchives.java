package dev.espalier.engine.format.keras;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RawZip;
import dev.espalier.engine.format.hdf5.ByteSource;
import dev.espalier.engine.format.hdf5.Hdf5File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipFile;

/** Takes honest files apart, to make hostile ones of them. */
final class KerasArchives {
  private static final String FUNCTION =
      "{\"module\":\"%s\",\"class_name\":\"%s\",\"config\":\"%s\",\"registered_name\":\"%s\"}";

  private KerasArchives() {}

  /** An entry's content. */
  static byte[] entry(Path archive, String name) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }

  /** Bytes with a part replaced by another of the same length wherever it stands. */
  static byte[] replaced(byte[] bytes, byte[] from, byte[] to) {
    assertThat(to).hasSameSizeAs(from);
    byte[] result = bytes.clone();
    boolean found = false;
    for (int at = 0; at <= bytes.length - from.length; at++) {
      if (Arrays.equals(bytes, at, at + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, result, at, to.length);
        found = true;
      }
    }
    assertThat(found).isTrue();
    return result;
  }

  /** A file with another first element of a dataset. */
  static byte[] withFirstWeight(byte[] hdf5, String dataset, float value) throws IOException {
    long position =
        Hdf5File.open(ByteSource.of(hdf5), FormatLimits.defaults())
            .dataset(dataset)
            .orElseThrow()
            .position()
            .orElseThrow();
    byte[] result = hdf5.clone();
    ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).putFloat((int) position, value);
    return result;
  }

  static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(KerasFixtures.FILES.resolve(name));
  }

  static String function(String module, String name) {
    return FUNCTION.formatted(module, "function", name, "function");
  }

  static byte[] module(String name) throws IOException {
    return altered(
        "\"module\": \"keras.layers\", \"class_name\": \"Flatten\"",
        "\"module\": \"" + name + "\", \"class_name\": \"Flatten\"");
  }

  static byte[] config() throws IOException {
    return entry(KerasFixtures.FILES.resolve("k3_functional.keras"), "config.json");
  }

  static byte[] weightsFile() throws IOException {
    return entry(KerasFixtures.FILES.resolve("k3_functional.keras"), "model.weights.h5");
  }

  /** The functional fixture with part of its configuration replaced. */
  static byte[] altered(String from, String to) throws IOException {
    String config = new String(config(), UTF_8);
    assertThat(config).contains(from);
    return config(config.replace(from, to));
  }

  /** The functional fixture with a layer of another class. */
  static byte[] layer(String name, String type, String module, String registered)
      throws IOException {
    JsonNode root = new ObjectMapper().readTree(config());
    for (JsonNode layer : root.path("config").path("layers")) {
      if (layer.path("name").asText().equals(name)) {
        ((ObjectNode) layer)
            .put("class_name", type)
            .put("module", module)
            .put("registered_name", registered);
      }
    }
    return config(root.toString());
  }

  static byte[] config(String json) throws IOException {
    return archive(json.getBytes(UTF_8), weightsFile());
  }

  static byte[] sequential(String layers) throws IOException {
    return config("{\"class_name\":\"Sequential\",\"config\":{\"layers\":[" + layers + "]}}");
  }

  static byte[] archive(byte[] config, byte[] weights) {
    RawZip zip = new RawZip().add("metadata.json", "{\"keras_version\":\"3.5.0\"}".getBytes(UTF_8));
    if (config != null) {
      zip.add("config.json", config);
    }
    if (weights != null) {
      zip.add("model.weights.h5", weights);
    }
    return zip.bytes();
  }

  static byte[] with(String name, byte[] content) throws IOException {
    return new RawZip()
        .add("metadata.json", "{\"keras_version\":\"3.5.0\"}".getBytes(UTF_8))
        .add("config.json", config())
        .add("model.weights.h5", weightsFile())
        .add(name, content)
        .bytes();
  }

  static byte[] inH5(String from, String to) throws IOException {
    return patched("k24_functional.h5", from, to);
  }

  /** A file with text replaced by other text of the same length, everywhere. */
  static byte[] patched(String name, String from, String to) throws IOException {
    return replaced(fixture(name), from.getBytes(UTF_8), to.getBytes(UTF_8));
  }

  static byte[] notFinite(float value) throws IOException {
    return withFirstWeight(
        fixture("k24_functional.h5"), "model_weights/dense/dense/kernel:0", value);
  }

  static byte[] truncated(double part) throws IOException {
    byte[] whole = fixture("k24_functional.h5");
    return Arrays.copyOf(whole, (int) (whole.length * part));
  }
}
