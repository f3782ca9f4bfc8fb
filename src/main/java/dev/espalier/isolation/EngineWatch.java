package dev.espalier.isolation;

import static dev.espalier.contract.ReasonCode.DEADLINE_EXCEEDED;
import static dev.espalier.contract.ReasonCode.DOES_NOT_FIT;
import static dev.espalier.contract.ReasonCode.ENGINE_OUT_OF_MEMORY;
import static dev.espalier.contract.ReasonCode.ENGINE_STALLED;

import dev.espalier.contract.ByteSize;
import dev.espalier.contract.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Holds an engine to its limits, from outside: what runs there may be hung or hostile. */
final class EngineWatch {
  private final EngineLimits limits;
  private final LifeSigns signs;
  private final Path workDirectory;
  private final long startNanos = System.nanoTime();

  EngineWatch(EngineLimits limits, LifeSigns signs, Path workDirectory) {
    this.limits = limits;
    this.signs = signs;
    this.workDirectory = workDirectory;
  }

  /** Why the engine has to be ended now, if it has to. */
  Optional<Reason> complaint(OptionalLong residentBytes) {
    if (residentBytes.orElse(0) > limits.killAtBytes()) {
      return Optional.of(
          new Reason(
              ENGINE_OUT_OF_MEMORY,
              "the engine held %s, over 90 %% of its budget of %s; raise the budget or use a"
                      .formatted(
                          new ByteSize(residentBytes.getAsLong()),
                          new ByteSize(limits.memoryBytes()))
                  + " smaller batch"));
    }
    if (signs.silence().compareTo(limits.stallTimeout()) > 0) {
      return Optional.of(
          new Reason(ENGINE_STALLED, "the engine made no progress for " + limits.stallTimeout()));
    }
    Duration running = Duration.ofNanos(System.nanoTime() - startNanos);
    if (running.compareTo(limits.deadline()) > 0) {
      return Optional.of(
          new Reason(DEADLINE_EXCEEDED, "the engine did not finish within " + limits.deadline()));
    }
    return Optional.empty();
  }

  /** The same about the disk, which takes longer to look at. */
  Optional<Reason> complaintOfDisk() {
    long used = DiskUse.below(workDirectory);
    return used <= limits.diskBytes()
        ? Optional.empty()
        : Optional.of(
            new Reason(
                DOES_NOT_FIT,
                "the job took %s of the disk, and %s are allowed; use fewer samples or a smaller"
                        .formatted(new ByteSize(used), new ByteSize(limits.diskBytes()))
                    + " model, or raise espalier.limits.scratch-bytes"));
  }
}
