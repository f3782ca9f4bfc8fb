package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.hdf5.ByteSource;
import dev.espalier.engine.format.hdf5.Hdf5Attribute;
import dev.espalier.engine.format.hdf5.Hdf5File;
import dev.espalier.engine.format.hdf5.Hdf5Group;
import dev.espalier.engine.format.json.ModelJson;
import dev.espalier.engine.format.keras.lowering.GraphBuilder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Reads Keras files without any of Keras or Python: nothing in them is ever instantiated. */
public final class KerasReader {
  static final String CONFIG = "config.json";
  static final String METADATA = "metadata.json";
  static final String WEIGHTS = "model.weights.h5";

  /** {@code assets/} is left out on purpose: vocabularies and the like belong to text layers. */
  static final Set<String> ALLOWED = Set.of(CONFIG, METADATA, WEIGHTS);

  private static final String MODEL_CONFIG = "model_config";
  private static final Set<String> FLIPPED_KERNELS = Set.of("theano", "cntk");

  private KerasReader() {}

  /**
   * Reads an {@code .h5} file that holds a whole model.
   *
   * @throws IOException when the file cannot be read
   * @throws Refusal when the file or the model is malformed, hostile, incomplete or not supported
   */
  public static SourceModel readH5(Path file, FormatLimits limits) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      requireSize(channel.size(), limits);
      Hdf5Group root = Hdf5File.open(ByteSource.of(channel, 0, channel.size()), limits);
      byte[] json = modelConfig(root).getBytes(StandardCharsets.UTF_8);
      JsonNode config = ModelJson.parse(json, "the attribute 'model_config'", limits);
      ModelSpec spec = ModelSpecReader.read(config, limits);
      String version = text(root, "keras_version");
      int major = major(version);
      String backend = text(root, "backend");
      if (FLIPPED_KERNELS.contains(backend)) {
        throw new Refusal(
            FORMAT_UNSUPPORTED_VERSION,
            ("the model was trained on %s, which stores kernels flipped: load and save it with"
                    + " TensorFlow first")
                .formatted(backend));
      }
      return assemble(
          ModelFormat.KERAS_H5, "Keras " + version, major, spec, new LegacyWeights(root), limits);
    }
  }

  /**
   * Reads a {@code .keras} archive.
   *
   * @throws IOException when the file cannot be read
   * @throws Refusal when the archive or the model is malformed, hostile, incomplete or not
   *     supported
   */
  public static SourceModel readArchive(Path file, FormatLimits limits) throws IOException {
    try (Archive archive = Archive.open(file, ALLOWED, limits.archive());
        FileChannel channel = FileChannel.open(file)) {
      JsonNode config = ModelJson.parse(entry(archive, CONFIG, limits), CONFIG, limits);
      ModelSpec spec = ModelSpecReader.read(config, limits);
      JsonNode metadata = ModelJson.parse(entry(archive, METADATA, limits), METADATA, limits);
      String version = metadata.path("keras_version").asText("3");
      requireEntry(archive, WEIGHTS);
      Hdf5Group root = Hdf5File.open(weights(archive, channel, limits), limits);
      return assemble(
          ModelFormat.KERAS_V3,
          "Keras " + version,
          major(version),
          spec,
          new ObjectWeights(root),
          limits);
    }
  }

  /** Keras stores the weights uncompressed, so they are read where they lie. */
  private static ByteSource weights(Archive archive, FileChannel file, FormatLimits limits)
      throws IOException {
    OptionalLong stored = archive.storedAt(WEIGHTS);
    if (stored.isEmpty()) {
      return ByteSource.of(archive.read(WEIGHTS, limits.archive().inflatedBytes()));
    }
    archive.verify(WEIGHTS);
    return ByteSource.of(file, stored.getAsLong(), archive.inflatedBytes(WEIGHTS));
  }

  private static SourceModel assemble(
      ModelFormat format,
      String producer,
      int major,
      ModelSpec spec,
      WeightPlaces places,
      FormatLimits limits)
      throws IOException {
    GraphBuilder graph = new GraphBuilder();
    WeightRequests requests = new WeightRequests(graph, places);
    new ModelLowering(graph, places, requests, major, limits).lower(spec);
    List<WeightBinding> bindings = places.bind(requests.all());
    for (WeightBinding binding : bindings) {
      graph.parameter(binding.parameter(), binding.tensor());
    }
    return new KerasModel(format, producer, graph.build(), bindings);
  }

  private static String modelConfig(Hdf5Group root) {
    return root.attribute(MODEL_CONFIG)
        .flatMap(Hdf5Attribute::text)
        .orElseThrow(
            () ->
                new Refusal(
                    MODEL_INCOMPLETE,
                    "the HDF5 file has no 'model_config': it holds weights only, save the whole"
                        + " model with model.save()"));
  }

  private static String text(Hdf5Group root, String attribute) {
    return root.attribute(attribute)
        .or(() -> root.group(LegacyWeights.GROUP).flatMap(group -> group.attribute(attribute)))
        .flatMap(Hdf5Attribute::text)
        .orElse("");
  }

  /** Versions are like {@code 2.4.0} and {@code 2.2.4-tf}; files without one count as Keras 2. */
  private static int major(String version) {
    int major = version.isEmpty() ? 2 : version.charAt(0) - '0';
    if (major < 2 || major > 3) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "the model was saved by Keras '%s', read are Keras 2 and 3".formatted(version));
    }
    return major;
  }

  private static void requireSize(long size, FormatLimits limits) {
    if (size > limits.fileBytes()) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "the file has %,d bytes, at most %,d are read".formatted(size, limits.fileBytes()));
    }
  }

  private static byte[] entry(Archive archive, String name, FormatLimits limits)
      throws IOException {
    requireEntry(archive, name);
    return archive.read(name, limits.archive().configurationBytes());
  }

  private static void requireEntry(Archive archive, String name) {
    if (!archive.has(name)) {
      throw new Refusal(MODEL_INCOMPLETE, "the archive has no " + name);
    }
  }
}
