package dev.espalier.isolation;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Starts engines, each in its own JVM, and ends those still running when closed. */
public final class Engines implements AutoCloseable {
  private final EngineCommand command;
  private final Set<SupervisedRun> running = ConcurrentHashMap.newKeySet();

  /**
   * Engines of this application.
   *
   * @throws IllegalStateException when a jar of the engine is missing, with its name
   */
  public Engines() {
    this(EngineCommand.ofApplication());
  }

  Engines(EngineCommand command) {
    this.command = command;
  }

  /**
   * Starts an engine on a job. Writes {@code job.json} into the work directory, which must exist
   * and be writable by this user only.
   *
   * @param listener told of progress, in order, on a thread of the run; it must return soon
   * @throws IOException when the work directory cannot be written or no process can be started
   */
  public EngineRun start(JobSpec spec, EngineLimits limits, Consumer<Progress> listener)
      throws IOException {
    SupervisedRun run = SupervisedRun.start(command, spec, limits, listener);
    running.removeIf(SupervisedRun::hasEnded);
    running.add(run);
    return run;
  }

  /** Ends every engine still running, and returns when they have ended. */
  @Override
  public void close() {
    Reason stopped = new Reason(ReasonCode.CANCELLED, "the program is stopping");
    running.forEach(run -> run.cancel(stopped));
    try {
      for (SupervisedRun run : running) {
        run.await();
      }
    } catch (InterruptedException e) {
      // They are killed; only the wait for it is given up.
      Thread.currentThread().interrupt();
    }
  }
}
