package dev.espalier.engine;

import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.engine.compress.FileSizes;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Quantization;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.report.LayerReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pruned model as a file of its own format.
 *
 * @param file where it is
 * @param sizes what it measures
 * @param bytesBefore zstd bytes of the input written again, unchanged, by the same writer: what the
 *     writer drops or re-packs anyway is no saving of ours
 */
record OutputFile(Path file, FileSizes sizes, long bytesBefore) {

  /** Writes the changed tensors of {@code pruned} and measures; replaces an earlier attempt's. */
  static OutputFile write(SourceModel model, Graph pruned, Path directory) throws IOException {
    Path file = directory.resolve("model." + model.format().extension());
    Files.deleteIfExists(file);
    long before = zstdBytes(model, model.graph(), directory);
    create(model, pruned, file);
    return new OutputFile(file, FileSizes.of(file), before);
  }

  private static void create(SourceModel model, Graph version, Path file) throws IOException {
    Graph before = model.graph();
    model.write(
        differences(model, before, Dequantization.undone(before, version)),
        Dequantization.inserted(before, version),
        file);
  }

  /** What the file of {@code model} holds of the initializers of a version that differ. */
  private static Map<String, Tensor> differences(SourceModel model, Graph before, Graph version) {
    Map<String, Tensor> changed = LayerReport.changedTensors(before, version);
    changed.keySet().removeIf(name -> !model.stores(name));
    return changed;
  }

  /** Zstd bytes of the file that {@code version} of the model would be. */
  static long zstdBytes(SourceModel model, Graph version, Path directory) throws IOException {
    Path file = directory.resolve("measured.partial");
    Files.deleteIfExists(file);
    create(model, version, file);
    long bytes = FileSizes.zstdBytes(file);
    Files.delete(file);
    return bytes;
  }

  /**
   * Reads the file back.
   *
   * @param pruned what was written
   * @return what is in the file
   * @throws IllegalStateException when a parameter differs from what was written
   */
  SourceModel reload(SourceModel model, Graph pruned) throws IOException {
    SourceModel written = FormatDetector.open(file, model.format(), FormatLimits.defaults());
    Graph reloaded = written.graph();
    if (!identities(reloaded).equals(identities(pruned))
        || !differences(written, pruned, reloaded).isEmpty()
        || !sameScales(pruned, reloaded)) {
      throw new IllegalStateException("self-check: the written model reads back differently");
    }
    return written;
  }

  /**
   * What parameters are, whatever layer they are reported under: where neither tensor nor node has
   * a name, that depends on how many nodes come before.
   */
  private static Set<Parameter> identities(Graph graph) {
    return graph.parameters().stream()
        .map(p -> new Parameter(p.tensor(), p.source(), "", p.role(), p.quantization()))
        .collect(Collectors.toSet());
  }

  private static boolean sameScales(Graph one, Graph other) {
    return one.parameters().stream()
        .map(Parameter::quantization)
        .filter(Objects::nonNull)
        .map(Quantization::scale)
        .allMatch(
            scale ->
                one.initializers()
                    .get(scale)
                    .bytes()
                    .equals(other.initializers().get(scale).bytes()));
  }

  ModelResult.Output describe(SourceModel model, FileCopy archive, @Nullable OnnxFile copy)
      throws IOException {
    return new ModelResult.Output(
        file.toUri().toString(),
        Digests.sha256(file),
        model.format(),
        sizes.raw(),
        sizes.gzip(),
        sizes.zstd(),
        archive,
        copy == null ? null : copy.describe());
  }

  /** The directory results go to. */
  static Path directory(JobSpec spec) throws IOException {
    return Files.createDirectories(spec.workDirectory().resolve(JobSpec.OUTPUT));
  }
}
