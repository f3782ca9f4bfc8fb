package dev.espalier.engine;

import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelFormat;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The pruned model as ONNX, beside the file in its own format.
 *
 * @param file where it is
 */
record OnnxFile(Path file) {

  /** Writes it, where the job asks for one and the model's own format is another. */
  static Optional<OnnxFile> write(JobSpec spec, ModelFormat own, Graph pruned) throws IOException {
    if (!spec.alsoOnnx() || own == ModelFormat.ONNX) {
      return Optional.empty();
    }
    Path file = OutputFile.directory(spec).resolve(FileCopy.ONNX);
    Files.write(file, OnnxSerializer.serialize(pruned));
    return Optional.of(new OnnxFile(file));
  }

  /** Reads the file back, as anyone's ONNX file is read. */
  Graph reload() throws IOException {
    return FormatDetector.open(file, ModelFormat.ONNX, FormatLimits.defaults()).graph();
  }

  FileCopy describe() throws IOException {
    return new FileCopy(file.toUri().toString(), Digests.sha256(file), Files.size(file));
  }
}
