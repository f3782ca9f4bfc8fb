package dev.espalier.engine.format;

import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.onnx.OnnxReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds out from its content what a model file is, and reads it. */
public final class FormatDetector {
  private FormatDetector() {}

  public static SourceModel open(Path file, @Nullable ModelFormat declared, FormatLimits limits)
      throws IOException {
    return OnnxReader.read(file, limits);
  }
}
