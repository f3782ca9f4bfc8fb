package dev.espalier.engine;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult.EffectivePolicy;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What a job works on, by digest.
 *
 * @param model SHA-256 of the model file
 * @param validation SHA-256 of the validation archive
 * @param training SHA-256 of the training archive; absent without one
 */
record Digests(Sha256 model, Sha256 validation, @Nullable Sha256 training) {
  private static final int CHUNK = 1 << 20;

  /** Everything that determines the result of a job, the number of threads aside. */
  private record Identity(
      Digests inputs,
      Sha256 policy,
      JobSpec.@Nullable Preprocess preprocess,
      @Nullable Double warmStart,
      String engine) {}

  static Digests of(JobSpec spec, Path validation) throws IOException {
    Path training = spec.training();
    return new Digests(
        sha256(spec.model()), sha256(validation), training == null ? null : sha256(training));
  }

  /** Digest of the job: equal for jobs that may share checkpoints. */
  Sha256 job(JobSpec spec, EffectivePolicy policy, String engineVersion) throws IOException {
    Identity identity =
        new Identity(this, policy.digest(), spec.preprocess(), spec.warmStart(), engineVersion);
    return Sha256.of(ContractJson.mapper().writeValueAsBytes(identity));
  }

  /** SHA-256 of a file, streaming. */
  static Sha256 sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return Sha256.of(digest);
  }
}
