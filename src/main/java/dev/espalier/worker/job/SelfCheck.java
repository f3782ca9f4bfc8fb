package dev.espalier.worker.job;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.ObjectStore.Downloaded;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Before a model is announced: it is downloaded again and hashed, and a fresh engine counts its
 * zeros and scores it on the verdict half. All of it must be what was judged.
 */
@Singleton
class SelfCheck {
  private final ObjectStore store;
  private final EngineWork engine;
  private final long maxBytes;

  SelfCheck(ObjectStore store, EngineWork engine, WorkerConfig config) {
    this.store = store;
    this.engine = engine;
    // A pruned model is written in its own format: it cannot be much larger than it came.
    this.maxBytes = 2 * config.limits().modelBytes().asLongValue();
  }

  /** How a check ended. */
  sealed interface Outcome {}

  /** It passed. Only {@link SelfCheck} makes one. */
  static final class Passed implements Outcome {
    private final ModelResult.Output output;

    private Passed(ModelResult.Output output) {
      this.output = output;
    }

    /** The model as it was read back. */
    ModelResult.Output output() {
      return output;
    }
  }

  /** What was read back is not what was judged, or cannot be used. */
  record Mismatch(Reason reason) implements Outcome {}

  /**
   * Checks a pushed model.
   *
   * @param directory empty, for this check alone
   */
  Outcome run(JobState.Accepted accepted, Path directory) throws IOException, InterruptedException {
    S3Uri uri = accepted.pushed().model();
    if (uri == null) {
      return new Mismatch(
          new Reason(ReasonCode.ENGINE_CRASHED, "the engine accepted a model and wrote none"));
    }
    ModelResult.Output judged = accepted.output();
    Path file = directory.resolve("model");
    Downloaded read;
    try {
      read = store.download(uri, file, maxBytes);
    } catch (FileSystemException e) {
      return mismatch("cannot be read back: " + e.getMessage());
    }
    if (!read.sha256().equals(judged.sha256()) || read.bytes() != judged.bytes()) {
      return mismatch(
          "has SHA-256 %s and not %s, which was judged".formatted(read.sha256(), judged.sha256()));
    }
    Artifacts.Pushed pushed = accepted.pushed();
    Optional<Mismatch> wrong =
        checkCopy("sparse archive", judged.archive(), pushed.archive(), directory);
    if (wrong.isEmpty()) {
      wrong = checkCopy("ONNX", judged.onnx(), pushed.onnx(), directory);
    }
    if (wrong.isPresent()) {
      return wrong.get();
    }
    EngineOutcome again = engine.verify(accepted.attempting(), file, directory);
    if (again instanceof EngineOutcome.Hindered hindered) {
      throw new IOException(hindered.reason().message());
    }
    if (!(again instanceof EngineOutcome.Verified verified)) {
      return mismatch("cannot be scored again: " + again);
    }
    return compare(
        accepted.outcome(),
        verified,
        judged.at(uri.toString(), address(pushed.archive()), address(pushed.onnx())));
  }

  private static @Nullable String address(@Nullable S3Uri copy) {
    return copy == null ? null : copy.toString();
  }

  private Optional<Mismatch> checkCopy(
      String form, @Nullable FileCopy judged, @Nullable S3Uri uri, Path directory)
      throws IOException {
    if (judged == null) {
      return Optional.empty();
    }
    if (uri == null) {
      return Optional.of(
          mismatch("was to have a copy as %s, and the engine wrote none".formatted(form)));
    }
    Path file = directory.resolve("copy");
    try {
      Downloaded read = store.download(uri, file, maxBytes);
      return read.sha256().equals(judged.sha256())
          ? Optional.empty()
          : Optional.of(
              mismatch(
                  "has a copy as %s with SHA-256 %s and not %s"
                      .formatted(form, read.sha256(), judged.sha256())));
    } catch (FileSystemException e) {
      return Optional.of(
          mismatch(
              "has a copy as %s that cannot be read back: %s".formatted(form, e.getMessage())));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Outcome compare(
      EngineOutcome.Judged judged, EngineOutcome.Verified verified, ModelResult.Output output) {
    ModelResult.Gate gate = judged.gate();
    if (gate == null) {
      return mismatch("was accepted without a gate");
    }
    if (verified.value() != gate.pruned() || verified.samples() != gate.samples()) {
      return mismatch(
          "has %s %s on %d verdict samples and not %s on %d"
              .formatted(
                  gate.metric().wire(),
                  verified.value(),
                  verified.samples(),
                  gate.pruned(),
                  gate.samples()));
    }
    Long nonZero = judged.result().nonZero();
    if (nonZero == null || verified.nonZero() != nonZero) {
      return mismatch("has %d non-zero weights and not %d".formatted(verified.nonZero(), nonZero));
    }
    return new Passed(output);
  }

  private static Mismatch mismatch(String what) {
    return new Mismatch(new Reason(ReasonCode.CHECKSUM_MISMATCH, "the pushed model " + what));
  }
}
