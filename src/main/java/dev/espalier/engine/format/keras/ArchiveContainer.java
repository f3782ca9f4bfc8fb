package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.archive.ArchiveCopy;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.hdf5.ByteSink;
import dev.espalier.engine.format.hdf5.ByteSource;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A {@code .keras} archive of Keras 2.12 to 3. */
final class ArchiveContainer implements Container {
  private static final String CONFIG = "config.json";
  private static final String METADATA = "metadata.json";
  private static final String WEIGHTS = "model.weights.h5";

  /** {@code assets/} is left out on purpose: vocabularies and the like belong to text layers. */
  private static final Set<String> ALLOWED = Set.of(CONFIG, METADATA, WEIGHTS);

  private static final Set<String> OPTIMIZER = Set.of("optimizer");

  private final Path file;
  private final FormatLimits limits;
  private final Archive archive;
  private final FileChannel channel;
  private final JsonNode config;
  private final JsonNode metadata;
  private final Hdf5Group root;

  private ArchiveContainer(Path file, FormatLimits limits, Archive archive, FileChannel channel)
      throws IOException {
    this.file = file;
    this.limits = limits;
    this.archive = archive;
    this.channel = channel;
    this.config = ModelJson.parse(entry(CONFIG), CONFIG, limits);
    this.metadata = ModelJson.parse(entry(METADATA), METADATA, limits);
    requireEntry(WEIGHTS);
    CompileConfig.require(config);
    ModelSpecReader.read(config, limits);
    this.root = Hdf5File.open(weights(), limits);
  }

  static ArchiveContainer open(Path file, FormatLimits limits) throws IOException {
    Archive archive = Archive.open(file, ALLOWED, limits.archive());
    FileChannel channel = FileChannel.open(file);
    try {
      return new ArchiveContainer(file, limits, archive, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      archive.close();
      throw e;
    }
  }

  /** Keras stores the weights uncompressed, so they are read where they lie. */
  private ByteSource weights() throws IOException {
    OptionalLong stored = archive.storedAt(WEIGHTS);
    if (stored.isEmpty()) {
      return ByteSource.of(archive.read(WEIGHTS, limits.archive().inflatedBytes()));
    }
    archive.verify(WEIGHTS);
    return ByteSource.of(channel, stored.getAsLong(), archive.inflatedBytes(WEIGHTS));
  }

  private byte[] entry(String name) throws IOException {
    requireEntry(name);
    return archive.read(name, limits.archive().configurationBytes());
  }

  private void requireEntry(String name) {
    if (!archive.has(name)) {
      throw new Refusal(MODEL_INCOMPLETE, "the archive has no " + name);
    }
  }

  @Override
  public JsonNode config() {
    return config;
  }

  @Override
  public String version() {
    return metadata.path("keras_version").asText("3");
  }

  @Override
  public Hdf5Group root() {
    return root;
  }

  @Override
  public OptionalLong weightsAt() throws IOException {
    return archive.storedAt(WEIGHTS);
  }

  @Override
  public WeightPlaces places() {
    return new ObjectWeights(root);
  }

  @Override
  public void patch(Map<Long, ByteBuffer> bytes, Path target) throws IOException {
    OptionalLong stored = archive.storedAt(WEIGHTS);
    if (stored.isEmpty()) {
      byte[] weights = archive.read(WEIGHTS, limits.archive().inflatedBytes());
      bytes.forEach(
          (at, piece) -> piece.duplicate().get(weights, at.intValue(), piece.remaining()));
      ArchiveCopy.write(archive, Map.of(WEIGHTS, ArchiveCopy.Content.of(weights)), target);
      return;
    }
    Map<Long, ByteBuffer> inFile = new LinkedHashMap<>();
    bytes.forEach((at, piece) -> inFile.put(stored.getAsLong() + at, piece));
    ArchiveCopy.patch(file, archive, WEIGHTS, inFile, target);
  }

  @Override
  public void rewrite(Hdf5Changes weights, Optional<JsonNode> changedConfig, Path target)
      throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Path rewritten = Files.createTempFile(folder, "weights", ".h5");
    try {
      Hdf5Changes changes =
          changedConfig.isPresent()
              ? new Hdf5Changes(weights.datasets(), Map.of(), OPTIMIZER)
              : weights;
      try (FileChannel out = FileChannel.open(rewritten, StandardOpenOption.WRITE)) {
        Hdf5Writer.write(root, changes, 0, ByteSink.of(out, 0));
      }
      Map<String, ArchiveCopy.Content> replaced = new LinkedHashMap<>();
      replaced.put(WEIGHTS, () -> Files.newInputStream(rewritten));
      if (changedConfig.isPresent()) {
        byte[] json = ModelJson.print(changedConfig.get()).getBytes(StandardCharsets.UTF_8);
        replaced.put(CONFIG, ArchiveCopy.Content.of(json));
      }
      ArchiveCopy.write(archive, replaced, target);
    } finally {
      Files.deleteIfExists(rewritten);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    archive.close();
  }
}
