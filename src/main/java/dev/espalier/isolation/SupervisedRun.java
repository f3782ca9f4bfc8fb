package dev.espalier.isolation;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A job in an engine that is watched by a thread of its own until it has ended. */
final class SupervisedRun implements EngineRun {
  private static final Duration GLANCE = Duration.ofMillis(200);
  private static final int GLANCES_PER_LOOK_AT_DISK = 5;

  private final EngineCommand command;
  private final JobSpec spec;
  private final EngineLimits limits;
  private final LifeSigns signs;
  private final EngineWatch watch;
  private final EngineLog log;
  private final AtomicReference<Reason> endedBecause = new AtomicReference<>();
  private final CompletableFuture<EngineOutcome> outcome = new CompletableFuture<>();
  private volatile EngineProcess process;

  private SupervisedRun(
      EngineCommand command, JobSpec spec, EngineLimits limits, Consumer<Progress> listener)
      throws IOException {
    this.command = command;
    this.spec = spec;
    this.limits = limits;
    this.signs = new LifeSigns(listener);
    this.watch = new EngineWatch(limits, signs, spec.workDirectory());
    this.log = new EngineLog(spec.workDirectory());
    this.process = launch(command.variant());
  }

  static SupervisedRun start(
      EngineCommand command, JobSpec spec, EngineLimits limits, Consumer<Progress> listener)
      throws IOException {
    Files.deleteIfExists(spec.workDirectory().resolve(JobSpec.OUTCOME_FILE));
    SupervisedRun run = new SupervisedRun(command, spec, limits, listener);
    Thread supervisor = new Thread(run::supervise, "engine-" + run.pid() + "-watch");
    supervisor.setDaemon(true);
    supervisor.start();
    return run;
  }

  @Override
  public EngineOutcome await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run's supervision failed", e.getCause());
    }
  }

  @Override
  public void cancel(Reason why) {
    if (!hasEnded() && endedBecause.compareAndSet(null, why)) {
      process.kill();
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public OptionalLong residentBytes() {
    return hasEnded() ? OptionalLong.empty() : ResidentMemory.of(pid());
  }

  boolean hasEnded() {
    return outcome.isDone();
  }

  private EngineProcess launch(NativeVariant variant) throws IOException {
    EngineProcess started =
        EngineProcess.start(command.processFor(spec, limits, variant), log, signs::accept);
    Path job = spec.workDirectory().resolve(JobSpec.FILE);
    try {
      Files.write(job, ContractJson.mapper().writeValueAsBytes(spec));
    } catch (IOException e) {
      started.kill();
      throw e;
    }
    try {
      started.give(job);
    } catch (IOException e) {
      // A JVM that ended at once: its end will tell.
      log.note("the job could not be given: " + e);
      started.kill();
    }
    return started;
  }

  private void supervise() {
    try (log) {
      watchUntilEnded();
      if (endedBecause.get() == null
          && command.variant() != NativeVariant.BASE
          && EngineEnd.ofIllegalInstruction(process.exitCode(), log)) {
        process = launch(NativeVariant.BASE);
        watchUntilEnded();
      }
      Reason reason = endedBecause.get();
      outcome.complete(
          reason == null
              ? EngineEnd.outcome(spec.workDirectory(), process.exitCode(), log)
              : new EngineOutcome.Failed(reason));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.kill();
      outcome.complete(
          new EngineOutcome.Failed(
              new Reason(ReasonCode.ENGINE_CRASHED, "the engine cannot be supervised: " + e)));
    }
  }

  private void watchUntilEnded() throws InterruptedException {
    for (int glance = 1; !process.ended(GLANCE); glance++) {
      watch.complaint(residentBytes()).ifPresent(this::cancel);
      if (glance % GLANCES_PER_LOOK_AT_DISK == 0) {
        watch.complaintOfDisk().ifPresent(this::cancel);
      }
      if (endedBecause.get() != null) {
        // Cancelled, perhaps while a new process took the place of the one that was ended.
        process.kill();
      }
    }
  }
}
