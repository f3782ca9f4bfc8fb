package dev.espalier.isolation;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.Reason;
import java.util.OptionalLong;

/** A job in an engine's process. */
public interface EngineRun {

  /**
   * Waits for the end. When the process ended without an outcome of its own, the answer is {@link
   * EngineOutcome.Failed} with {@code engine-crashed}, {@code engine-out-of-memory}, {@code
   * engine-stalled}, {@code deadline-exceeded} or the reason given to {@link #cancel}. May be
   * called again, with the same answer.
   */
  EngineOutcome await() throws InterruptedException;

  /** Ends the process at once. Without effect when it has ended. */
  void cancel(Reason why);

  /** The process id. */
  long pid();

  /** Resident memory in bytes; empty when the process has ended. */
  OptionalLong residentBytes();
}
