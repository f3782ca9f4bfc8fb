package dev.espalier.engine.format.dl4j;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A Deeplearning4j archive that was read. Writing patches the coefficients in their own binary form
 * and element type and keeps everything else byte by byte; where shapes change, the sizes that the
 * configuration says follow. The updater's state is left out: its moments belong to weights that no
 * longer exist, and Deeplearning4j starts afresh without it.
 */
final class Dl4jModel implements SourceModel {
  /**
   * The time of every entry: fixed, so that the same content gives the same bytes. The first moment
   * that zip can hold, 1980-01-01, would make Java add the time zone.
   */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Path file;
  private final FormatLimits limits;
  private final Assembly.Assembled assembled;

  Dl4jModel(Path file, FormatLimits limits, Assembly.Assembled assembled) {
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
  public DataType storedType(String tensor) {
    return assembled.type();
  }

  /** The archive packs its parameters. */
  @Override
  public List<PlainWeights> plainWeights() {
    return List.of();
  }

  @Override
  public boolean stores(String initializer) {
    return assembled.slots().containsKey(initializer);
  }

  @Override
  public void write(Map<String, Tensor> changed, Path target) throws IOException {
    Rewriting rewriting = new Rewriting(assembled, changed);
    try (Archive archive = Archive.open(file, Dl4jReader.ALLOWED, limits.archive())) {
      Map<String, byte[]> written = new HashMap<>();
      written.put(
          Dl4jReader.CONFIGURATION,
          rewriting.configuration(read(archive, Dl4jReader.CONFIGURATION)));
      written.put(
          Dl4jReader.COEFFICIENTS, rewriting.coefficients(read(archive, Dl4jReader.COEFFICIENTS)));
      rewriting.requireSound(
          written.get(Dl4jReader.CONFIGURATION), written.get(Dl4jReader.COEFFICIENTS), limits);
      try (ZipOutputStream zip =
          new ZipOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
        for (String name : archive.names()) {
          if (name.equals(Dl4jReader.UPDATER)) {
            continue;
          }
          ZipEntry entry = new ZipEntry(name);
          entry.setTimeLocal(ENTRY_TIME);
          zip.putNextEntry(entry);
          byte[] content = written.get(name);
          zip.write(content == null ? read(archive, name) : content);
          zip.closeEntry();
        }
      }
    }
  }

  private byte[] read(Archive archive, String name) throws IOException {
    return archive.read(name, limits.archive().inflatedBytes());
  }
}
