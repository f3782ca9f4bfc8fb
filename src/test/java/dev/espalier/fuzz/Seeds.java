package dev.espalier.fuzz;

import dev.espalier.contract.Sha256;
import dev.espalier.engine.archive.ArchiveHazardsTest;
import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.dl4j.Dl4jHazardsTest;
import dev.espalier.engine.format.keras.KerasHazardsTest;
import dev.espalier.engine.format.onnx.OnnxHazardsTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What fuzzing starts from: fixtures, examples and hazards, as far as they are small. */
final class Seeds {
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final int LARGEST = 48 << 10;

  private Seeds() {}

  /** Writes them into {@code directory}, named by content. */
  static void write(FuzzTarget target, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (byte[] seed : of(target)) {
      if (seed.length <= LARGEST) {
        Files.write(directory.resolve(Sha256.of(seed).hex()), seed);
      }
    }
  }

  private static List<byte[]> of(FuzzTarget target) throws IOException {
    return switch (target) {
      case ONNX ->
          all(
              Stream.of(
                  files(FIXTURES, ".onnx"),
                  contents(OnnxHazardsTest.hazards()),
                  contents(OnnxHazardsTest.allowed())));
      case DL4J ->
          archives(
              all(
                  Stream.of(
                      files(FIXTURES, ".zip"),
                      contents(Dl4jHazardsTest.hazards()),
                      contents(Dl4jHazardsTest.allowed()),
                      contents(ArchiveHazardsTest.hazards()))),
              "configuration.json",
              "coefficients.bin",
              "normalizer.bin",
              "updaterState.bin");
      case KERAS_H5 -> all(Stream.of(files(FIXTURES, ".h5"), contents(keras())));
      case KERAS_ARCHIVE ->
          archives(
              all(Stream.of(files(FIXTURES, ".keras"), contents(keras()))),
              "config.json",
              "metadata.json",
              "model.weights.h5");
      case NPZ -> archives(files(FIXTURES, ".npz"), "x.npy", "y.npy", "z.npy");
      case POLICY ->
          all(
              Stream.of(
                  files(Path.of("src/main/resources/policies"), ".yaml"),
                  files(Path.of("k8s/base/policies"), ".yaml"),
                  files(Path.of("schemas/examples"), ".json")));
      case EVENT -> events(files(Path.of("schemas/examples"), ".json"));
    };
  }

  private static List<byte[]> all(Stream<List<byte[]>> lists) {
    return lists.flatMap(List::stream).toList();
  }

  private static Stream<Hazard> keras() {
    return Stream.concat(KerasHazardsTest.hazards(), KerasHazardsTest.allowed());
  }

  private static List<byte[]> files(Path directory, String suffix) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
        contents.add(Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static List<byte[]> contents(Stream<Hazard> hazards) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Hazard hazard : hazards.toList()) {
      contents.add(hazard.content().bytes());
    }
    return contents;
  }

  /** Archives as they are, and the same as joined parts. */
  private static List<byte[]> archives(List<byte[]> archives, String... names) {
    List<byte[]> seeds = new ArrayList<>(archives);
    for (byte[] archive : archives) {
      Map<String, byte[]> entries = entries(archive);
      byte[][] parts = new byte[names.length][];
      for (int i = 0; i < names.length; i++) {
        parts[i] = entries.getOrDefault(names[i], new byte[0]);
      }
      seeds.add(Parts.join(parts));
    }
    return seeds;
  }

  private static Map<String, byte[]> entries(byte[] archive) {
    Map<String, byte[]> entries = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readNBytes(LARGEST));
      }
    } catch (IOException | IllegalArgumentException e) {
      // Broken archives are seeds as they are.
      return entries;
    }
    return entries;
  }

  private static List<byte[]> events(List<byte[]> examples) {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] example : examples) {
      String data = new String(example, StandardCharsets.UTF_8);
      seeds.add(utf8("application/json\n" + data));
      seeds.add(
          utf8(
              """
              application/cloudevents+json
              {"specversion": "1.0", "id": "1", "source": "/s",
               "type": "dev.espalier.model.trained.v1", "data": %s}"""
                  .formatted(data)));
    }
    return seeds;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
