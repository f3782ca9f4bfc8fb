package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Reads the zip files that Deeplearning4j's {@code ModelSerializer} writes, for a {@code
 * MultiLayerNetwork} or {@code ComputationGraph}, without any of Deeplearning4j: nothing in the
 * file is ever instantiated.
 */
public final class Dl4jReader {
  static final String CONFIGURATION = "configuration.json";
  static final String COEFFICIENTS = "coefficients.bin";
  static final String UPDATER = "updaterState.bin";
  static final String NORMALIZER = "normalizer.bin";

  /**
   * What is left out on purpose: {@code preprocessor.bin} and {@code objects/} hold Java-serialised
   * objects, {@code noParams.marker} stands for absent coefficients.
   */
  static final Set<String> ALLOWED = Set.of(CONFIGURATION, COEFFICIENTS, UPDATER, NORMALIZER);

  private static final long NORMALIZER_BYTES = 1 << 24;

  private Dl4jReader() {}

  /**
   * Reads a model. The file must stay as it is while the result is in use: writing copies it.
   *
   * @throws IOException when the file cannot be read
   * @throws Refusal when the archive or the model is malformed, hostile or not supported
   */
  public static SourceModel read(Path file, FormatLimits limits) throws IOException {
    try (Archive archive = Archive.open(file, ALLOWED, limits.archive())) {
      Network network =
          Network.parse(
              require(archive, CONFIGURATION, limits.archive().configurationBytes()), limits);
      Coefficients coefficients =
          Coefficients.parse(require(archive, COEFFICIENTS, limits.archive().inflatedBytes()));
      if (archive.has(NORMALIZER)) {
        NormalizerHeader.check(archive.read(NORMALIZER, NORMALIZER_BYTES));
      }
      if (archive.has(UPDATER)) {
        archive.verify(UPDATER);
      }
      return new Dl4jModel(file, limits, network.assemble(coefficients));
    }
  }

  private static byte[] require(Archive archive, String name, long most) throws IOException {
    if (!archive.has(name)) {
      throw new Refusal(MODEL_INCOMPLETE, "the archive has no " + name);
    }
    return archive.read(name, most);
  }
}
