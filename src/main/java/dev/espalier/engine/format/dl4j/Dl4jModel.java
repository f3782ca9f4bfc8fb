package dev.espalier.engine.format.dl4j;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A Deeplearning4j archive that was read. Writing keeps the configuration and the normalizer byte
 * by byte and patches the coefficients in their own binary form. The updater's state is left out:
 * its moments belong to weights that no longer exist, and Deeplearning4j starts afresh without it.
 */
final class Dl4jModel implements SourceModel {
  /**
   * The time of every entry: fixed, so that the same content gives the same bytes. The first moment
   * that zip can hold, 1980-01-01, would make Java add the time zone.
   */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Path file;
  private final FormatLimits limits;
  private final GraphAssembler.Assembled assembled;

  Dl4jModel(Path file, FormatLimits limits, GraphAssembler.Assembled assembled) {
    this.file = file;
    this.limits = limits;
    this.assembled = assembled;
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.DL4J;
  }

  /** The archive does not say which version wrote it. */
  @Override
  public Optional<String> producer() {
    return Optional.empty();
  }

  @Override
  public Graph graph() {
    return assembled.graph();
  }

  @Override
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    changed.forEach(this::requireSameKind);
    try (Archive archive = Archive.open(file, Dl4jReader.ALLOWED, limits.archive());
        ZipOutputStream zip =
            new ZipOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
      for (String name : archive.names()) {
        if (name.equals(Dl4jReader.UPDATER)) {
          continue;
        }
        byte[] content = archive.read(name, limits.archive().inflatedBytes());
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(ENTRY_TIME);
        zip.putNextEntry(entry);
        zip.write(name.equals(Dl4jReader.COEFFICIENTS) ? patched(content, changed) : content);
        zip.closeEntry();
      }
    }
  }

  private byte[] patched(byte[] content, Map<String, Tensor> changed) {
    Coefficients coefficients = Coefficients.parse(content);
    changed.forEach(
        (name, tensor) -> coefficients.overwrite(assembled.positions().get(name), tensor));
    return coefficients.encoded();
  }

  private void requireSameKind(String name, Tensor tensor) {
    Tensor original = graph().initializers().get(name);
    if (original == null
        || !assembled.positions().containsKey(name)
        || original.type() != tensor.type()
        || !Arrays.equals(original.shape(), tensor.shape())) {
      throw new IllegalArgumentException(
          "cannot replace '" + name + "', " + original + ", by " + tensor);
    }
  }
}
