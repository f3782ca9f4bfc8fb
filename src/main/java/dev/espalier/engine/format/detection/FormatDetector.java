package dev.espalier.engine.format.detection;

import static dev.espalier.contract.ReasonCode.ARCHIVE_MALFORMED;
import static dev.espalier.contract.ReasonCode.FORMAT_UNKNOWN;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.dl4j.Dl4jReader;
import dev.espalier.engine.format.keras.KerasReader;
import dev.espalier.engine.format.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out from its content what a model file is, and reads it. */
public final class FormatDetector {
  private FormatDetector() {}

  /**
   * Opens a model file. It must stay as it is while the result is in use.
   *
   * @param declared what the sender says it is, or null; content that is something else is refused
   * @throws IOException when the file cannot be read
   * @throws Refusal when the content is unknown, not what was declared, malformed, hostile or not
   *     supported
   */
  public static SourceModel open(Path file, @Nullable ModelFormat declared, FormatLimits limits)
      throws IOException {
    ModelFormat detected =
        Signature.of(file)
            .or(() -> declared == ModelFormat.ONNX ? Optional.of(declared) : Optional.empty())
            .orElseThrow(() -> unknown(declared));
    if (declared != null && declared != detected) {
      throw new Refusal(
          FORMAT_UNKNOWN,
          "the model is declared as %s, but its content is %s: correct the declaration or the file"
              .formatted(declared.wire(), detected.wire()));
    }
    return switch (detected) {
      case ONNX -> OnnxReader.read(file, limits);
      case DL4J -> Dl4jReader.read(file, limits);
      case KERAS_H5, KERAS_V3 -> KerasReader.read(file, detected, limits);
    };
  }

  /** What a file that starts like none of the formats is refused with. */
  private static Refusal unknown(@Nullable ModelFormat declared) {
    return declared == ModelFormat.DL4J
        ? new Refusal(ARCHIVE_MALFORMED, "the model is declared as dl4j, but is not a zip file")
        : new Refusal(
            FORMAT_UNKNOWN,
            "the content is not that of a model that is read: Keras .h5 or .keras, ONNX, Deeplearning4j"
                + " .zip; export the model to one of them");
  }
}
