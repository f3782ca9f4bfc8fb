package dev.espalier.worker.job;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.isolation.EngineLimits;
import dev.espalier.isolation.EngineRun;
import dev.espalier.isolation.Engines;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.telemetry.EngineTrace;
import dev.espalier.worker.telemetry.Traces;
import dev.espalier.worker.telemetry.WorkerMetrics;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Runs engines on a job's files, within the configured limits. */
@Singleton
class EngineWork {
  private static final Logger LOG = Logger.getLogger(EngineWork.class);

  private final Engines engines = new Engines();
  private final Checkpoints checkpoints;
  private final WorkerMetrics metrics;
  private final Traces traces;
  private final WorkerConfig.Engine config;
  private final long scratchBytes;

  EngineWork(Checkpoints checkpoints, WorkerMetrics metrics, Traces traces, WorkerConfig config) {
    this.checkpoints = checkpoints;
    this.metrics = metrics;
    this.traces = traces;
    this.config = config.engine();
    this.scratchBytes = config.limits().scratchBytes().asLongValue();
  }

  /**
   * Prunes, from the checkpoint that the attempt goes on from; new checkpoints go to the store as
   * they come.
   *
   * @throws InterruptedException when this thread was interrupted; the engine is then ended
   */
  EngineOutcome prune(JobState.Attempting attempting, Path directory)
      throws IOException, InterruptedException {
    Job job = attempting.job();
    if (attempting.attempt().resumedFrom() != null) {
      boolean all = attempting.fetched().policy().search().enabled();
      checkpoints.restore(job.id(), directory, all);
    }
    CheckpointUploads uploads = new CheckpointUploads(checkpoints, job.id(), directory);
    try {
      Path model = attempting.fetched().inputs().model();
      JobSpec spec = spec(JobSpec.Operation.PRUNE, attempting, model, directory);
      EngineOutcome outcome =
          run(
              attempting,
              spec,
              progress -> {
                if (progress instanceof Progress.CheckpointWritten written) {
                  LOG.infof("Checkpoint written: job=%s step=%d", job.id(), written.step());
                  uploads.completed(written);
                }
              });
      if (!(outcome instanceof EngineOutcome.Judged)) {
        uploads.drain();
      }
      return outcome;
    } finally {
      uploads.close();
    }
  }

  /** Counts and scores a model that was read back. */
  EngineOutcome verify(JobState.Attempting attempting, Path model, Path directory)
      throws IOException, InterruptedException {
    JobSpec spec = spec(JobSpec.Operation.VERIFY, attempting, model, directory);
    return run(attempting, spec, progress -> {});
  }

  private EngineOutcome run(
      JobState.Attempting attempting, JobSpec spec, Consumer<Progress> listener)
      throws IOException, InterruptedException {
    Duration deadline = deadline(attempting);
    if (deadline.isNegative() || deadline.isZero()) {
      return new EngineOutcome.Failed(
          new Reason(ReasonCode.DEADLINE_EXCEEDED, "the event's deadline has passed"));
    }
    EngineLimits limits =
        new EngineLimits(
            config.heap().asLongValue(),
            config.memory().asLongValue(),
            scratchLeft(attempting.fetched().inputs()),
            config.stallTimeout(),
            deadline);
    RunningJob job = attempting.fetched().admitted().running();
    EngineTrace trace = traces.engine();
    EngineRun run =
        engines.start(
            spec,
            limits,
            progress -> {
              metrics.progressed();
              trace.accept(progress);
              job.progressed(progress);
              listener.accept(progress);
            });
    WorkerMetrics.Running running = metrics.engineRunning(() -> run.residentBytes().orElse(0));
    job.engineStarted(run::cancel);
    try {
      EngineOutcome outcome = run.await();
      trace.ended(outcome);
      return outcome;
    } catch (InterruptedException e) {
      run.cancel(new Reason(ReasonCode.CANCELLED, "the worker gives the job up"));
      // Until it is gone it may still write where the caller cleans up.
      run.await();
      throw e;
    } finally {
      job.engineEnded();
      running.close();
      trace.close();
    }
  }

  private JobSpec spec(
      JobSpec.Operation operation, JobState.Attempting attempting, Path model, Path directory) {
    ModelTrained data = attempting.job().data();
    Inputs inputs = attempting.fetched().inputs();
    return new JobSpec(
            operation,
            directory,
            model,
            inputs.validation(),
            inputs.training(),
            data.model().format(),
            data.task(),
            data.preprocess(),
            attempting.fetched().policy(),
            null,
            config.alsoOnnx(),
            config.threads())
        .withWarmStart(attempting.attempt().warmStart());
  }

  private long scratchLeft(Inputs inputs) throws IOException {
    long left = scratchBytes - Files.size(inputs.model()) - Files.size(inputs.validation());
    Path training = inputs.training();
    return training == null ? left : left - Files.size(training);
  }

  private Duration deadline(JobState.Attempting attempting) {
    Duration budget = attempting.fetched().policy().budget().maxDuration();
    Duration longest = shorter(budget, config.maxDuration());
    @Nullable Instant wanted = attempting.job().data().deadline();
    return wanted == null ? longest : shorter(longest, Duration.between(Instant.now(), wanted));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @PreDestroy
  void close() {
    engines.close();
  }
}
