package dev.espalier.isolation;

import static dev.espalier.contract.ReasonCode.ENGINE_CRASHED;
import static dev.espalier.contract.ReasonCode.ENGINE_OUT_OF_MEMORY;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads from what an engine left behind how it ended. */
final class EngineEnd {
  /** A result lists every layer once and every step once; more than this is not a result. */
  private static final long MAX_OUTCOME_BYTES = 64L << 20;

  /** What HotSpot exits with under {@code ExitOnOutOfMemoryError}. */
  private static final int EXIT_OUT_OF_MEMORY = 3;

  private static final int EXIT_SIGNAL = 128;
  private static final int SIGILL = 4;
  private static final int SIGABRT = 6;
  private static final int MAX_TAIL_CHARS = 500;

  private EngineEnd() {}

  /** Whether the process died of an instruction that this CPU does not have. */
  static boolean ofIllegalInstruction(int exitCode, EngineLog log) {
    // HotSpot catches the signal, reports it and aborts.
    return exitCode == EXIT_SIGNAL + SIGILL
        || (exitCode == EXIT_SIGNAL + SIGABRT && log.tail().contains("SIGILL"));
  }

  /** The outcome of an engine that has ended; a disk that takes nothing explains any failure. */
  static EngineOutcome outcome(Path workDirectory, int exitCode, EngineLog log) {
    EngineOutcome outcome = ofEngine(workDirectory, exitCode, log);
    return outcome instanceof EngineOutcome.Failed failed && !DiskUse.takesWrites(workDirectory)
        ? new EngineOutcome.Hindered(
            new Reason(
                failed.reason().code(),
                "the disk of " + workDirectory + " takes no more: " + failed.reason().message()))
        : outcome;
  }

  /** The outcome that the engine wrote; without one, what its exit tells. */
  private static EngineOutcome ofEngine(Path workDirectory, int exitCode, EngineLog log) {
    Path file = workDirectory.resolve(JobSpec.OUTCOME_FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new EngineOutcome.Failed(withoutOutcome(exitCode, log.tail()));
    }
    try {
      // A link would make this process, which may read more, read for the engine, which may not.
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > MAX_OUTCOME_BYTES) {
        return crashed("the engine left an outcome that is not a file of reasonable size");
      }
      return ContractJson.mapper().readValue(Files.readAllBytes(file), EngineOutcome.class);
    } catch (JsonProcessingException e) {
      return crashed("the engine left an outcome that cannot be read: " + e.getOriginalMessage());
    } catch (IOException e) {
      return crashed("the engine's outcome cannot be read: " + e.getMessage());
    }
  }

  private static EngineOutcome crashed(String message) {
    return new EngineOutcome.Failed(new Reason(ENGINE_CRASHED, message));
  }

  private static Reason withoutOutcome(int exitCode, String tail) {
    String said = tail.substring(Math.max(0, tail.length() - MAX_TAIL_CHARS));
    String last = said.isEmpty() ? "" : "; it last said: " + said;
    if (exitCode == EXIT_OUT_OF_MEMORY || tail.contains("OutOfMemoryError")) {
      return new Reason(ENGINE_OUT_OF_MEMORY, "the engine ran out of memory" + last);
    }
    String how =
        exitCode > EXIT_SIGNAL ? "by signal " + (exitCode - EXIT_SIGNAL) : "with exit " + exitCode;
    return new Reason(ENGINE_CRASHED, "the engine ended " + how + " without an outcome" + last);
  }
}
