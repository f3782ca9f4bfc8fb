package dev.espalier.cli;

import dev.espalier.contract.JobId;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that {@code prune} works on. */
final class PruneInputs {
  /** Stands where an event has the address of what sent it. */
  private static final String SOURCE = "/espalier/cli";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      converter = ExistingFile.class,
      order = 0,
      description =
          "Model file: Keras, ONNX or Deeplearning4j; the format is found from its content.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE.npz",
      converter = ExistingFile.class,
      order = 1,
      description = "Validation data: arrays by input name ('x' when there is one), and 'y'.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(
      names = "--train",
      paramLabel = "FILE.npz",
      converter = ExistingFile.class,
      order = 2,
      description = "Training data for recovery; without it there is no recovery.")
  private @Nullable Path training;

  @Option(
      names = "--also-onnx",
      order = 7,
      description = "Write the pruned model as ONNX too, beside the file in its own format.")
  private boolean alsoOnnx;

  Path model() {
    return model;
  }

  Path data() {
    return data;
  }

  @Nullable Path training() {
    return training;
  }

  boolean alsoOnnx() {
    return alsoOnnx;
  }

  /** The same content and policy make the same job, wherever the files lie. */
  JobId jobId(String policy) throws IOException {
    String recovery = training == null ? "" : digest(training).hex();
    return JobId.of(
        SOURCE, String.join(":", digest(model).hex(), digest(data).hex(), recovery, policy));
  }

  static Sha256 digest(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return Sha256.of(digest);
  }
}
