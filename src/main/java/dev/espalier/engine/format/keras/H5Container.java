package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.hdf5.ByteSink;
import dev.espalier.engine.format.hdf5.ByteSource;
import dev.espalier.engine.format.hdf5.Hdf5Attribute;
import dev.espalier.engine.format.hdf5.Hdf5Changes;
import dev.espalier.engine.format.hdf5.Hdf5File;
import dev.espalier.engine.format.hdf5.Hdf5Group;
import dev.espalier.engine.format.hdf5.Hdf5Writer;
import dev.espalier.engine.format.json.ModelJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An {@code .h5} file with a whole model: the configuration is an attribute of its root. */
final class H5Container implements Container {
  private static final String MODEL_CONFIG = "model_config";
  private static final String OPTIMIZER = "optimizer_weights";
  private static final Set<String> FLIPPED_KERNELS = Set.of("theano", "cntk");

  private final Path file;
  private final FileChannel channel;
  private final Hdf5Group root;
  private final JsonNode config;

  private H5Container(Path file, FileChannel channel, Hdf5Group root, JsonNode config) {
    this.file = file;
    this.channel = channel;
    this.root = root;
    this.config = config;
  }

  static H5Container open(Path file, FormatLimits limits) throws IOException {
    FileChannel channel = FileChannel.open(file);
    try {
      if (channel.size() > limits.fileBytes()) {
        throw new Refusal(
            GRAPH_TOO_LARGE,
            "the file has %,d bytes, at most %,d are read"
                .formatted(channel.size(), limits.fileBytes()));
      }
      Hdf5Group root = Hdf5File.open(ByteSource.of(channel, 0, channel.size()), limits);
      byte[] json = text(root, MODEL_CONFIG).getBytes(StandardCharsets.UTF_8);
      if (json.length == 0) {
        throw new Refusal(
            MODEL_INCOMPLETE,
            "the HDF5 file has no 'model_config': it holds weights only, save the whole model with"
                + " model.save()");
      }
      JsonNode config = ModelJson.parse(json, "the attribute 'model_config'", limits);
      requireKnownBackend(text(root, "backend"));
      return new H5Container(file, channel, root, config);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void requireKnownBackend(String backend) {
    if (FLIPPED_KERNELS.contains(backend)) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "the model was trained on %s, which keeps kernels flipped: load and save it on TensorFlow"
              .formatted(backend));
    }
  }

  private static String text(Hdf5Group root, String attribute) {
    return root.attribute(attribute)
        .or(() -> root.group(LegacyWeights.GROUP).flatMap(group -> group.attribute(attribute)))
        .flatMap(Hdf5Attribute::text)
        .orElse("");
  }

  @Override
  public JsonNode config() {
    return config;
  }

  @Override
  public String version() {
    return text(root, "keras_version");
  }

  @Override
  public Hdf5Group root() {
    return root;
  }

  @Override
  public OptionalLong weightsAt() {
    return OptionalLong.of(0);
  }

  @Override
  public WeightPlaces places() {
    return new LegacyWeights(root);
  }

  @Override
  public void patch(Map<Long, ByteBuffer> bytes, Path target) throws IOException {
    Files.copy(file, target);
    try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
      ByteSink sink = ByteSink.of(out, 0);
      for (Map.Entry<Long, ByteBuffer> piece : bytes.entrySet()) {
        sink.write(piece.getKey(), piece.getValue());
      }
    }
  }

  @Override
  public void rewrite(Hdf5Changes weights, Optional<JsonNode> changedConfig, Path target)
      throws IOException {
    Hdf5Changes changes =
        changedConfig
            .map(
                changed ->
                    new Hdf5Changes(
                        weights.datasets(),
                        Map.of(MODEL_CONFIG, ModelJson.print(changed)),
                        Set.of(OPTIMIZER)))
            .orElse(weights);
    long userBlock = Hdf5File.userBlock(ByteSource.of(channel, 0, channel.size()));
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer before = ByteBuffer.allocate(Math.toIntExact(userBlock));
      ByteSource.of(channel, 0, channel.size()).read(0, before);
      ByteSink.of(out, 0).write(0, before.flip());
      Hdf5Writer.write(root, changes, userBlock, ByteSink.of(out, userBlock));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
