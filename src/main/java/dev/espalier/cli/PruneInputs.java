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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files that {@code prune} works on. */
final class PruneInputs {
  /** Stands where an event has the address of what sent it. */
  private static final String SOURCE = "/espalier/cli";

  @Mixin private DataFiles files = new DataFiles();

  @Option(
      names = "--also-onnx",
      order = 7,
      description = "Write the pruned model as ONNX too, beside the file in its own format.")
  private boolean alsoOnnx;

  Path model() {
    return files.model();
  }

  Path data() {
    return files.data();
  }

  @Nullable Path training() {
    return files.training();
  }

  boolean alsoOnnx() {
    return alsoOnnx;
  }

  /** The same content and policy make the same job, wherever the files lie. */
  JobId jobId(String policy) throws IOException {
    Path training = training();
    String recovery = training == null ? "" : digest(training).hex();
    return JobId.of(
        SOURCE, String.join(":", digest(model()).hex(), digest(data()).hex(), recovery, policy));
  }

  static Sha256 digest(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return Sha256.of(digest);
  }
}
