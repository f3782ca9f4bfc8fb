package dev.espalier.worker.job;

import dev.espalier.contract.BuildVersion;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.config.FaultPoint;
import dev.espalier.worker.config.FaultPoints;
import dev.espalier.worker.job.JobState.Admitted;
import dev.espalier.worker.job.JobState.Attempting;
import dev.espalier.worker.job.JobState.Concluded;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.telemetry.Redelivery;
import dev.espalier.worker.telemetry.Stage;
import dev.espalier.worker.telemetry.Traces;
import dev.espalier.worker.telemetry.WorkerMetrics;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Takes a job from admission to its one result. */
@Singleton
public class JobRunner {
  private static final Logger LOG = Logger.getLogger(JobRunner.class);

  private final JobTools tools;
  private final ResultCommitter results;
  private final FaultPoints faults;
  private final WorkerMetrics metrics;
  private final Traces traces;

  JobRunner(
      JobTools tools,
      ResultCommitter results,
      FaultPoints faults,
      WorkerMetrics metrics,
      Traces traces) {
    this.tools = tools;
    this.results = results;
    this.faults = faults;
    this.metrics = metrics;
    this.traces = traces;
  }

  /**
   * A job's end.
   *
   * @param record to be announced
   * @param ours whether this run made it; otherwise another did, here or at another worker
   */
  public record Ended(ResultRecord record, boolean ours) {}

  /**
   * Runs a job, or finds the result it already has.
   *
   * @param again whether its event was seen before
   * @param successor what may make its result unwanted
   * @return what is to be announced, whichever worker made it
   * @throws InterruptedException when the job was given up; it goes on from its checkpoint later
   * @throws IOException from the local disk
   */
  public Ended run(Job job, boolean again, Successor successor)
      throws IOException, InterruptedException {
    Optional<ResultRecord> stored = results.committed(job.id());
    if (again && stored.isEmpty()) {
      stored = tools.otherRuns().await(job.id());
    }
    if (stored.isPresent()) {
      metrics.redelivered(Redelivery.ANNOUNCED);
      // A worker that died after the commit may not have come to this.
      tools.accepted().advance(stored.get());
      return new Ended(stored.get(), false);
    }
    if (again) {
      metrics.redelivered(Redelivery.RESUMED);
    }
    WorkerMetrics.Running counted = metrics.jobStarted();
    try (Workspace work = tools.workDirectory().open(job.id());
        RunningJob running = tools.running().begin(job, successor)) {
      StageTimes times = new StageTimes(metrics, traces, running);
      Admitted admitted = new Admitted(running, Instant.now(), BuildVersion.current());
      ModelResult result = valid(admitted, conclude(admitted, work, times)).result();
      traces.concluded(result.result().verdict(), result.result().reason());
      ResultRecord ours = tools.events().record(job, result);
      faults.pass(FaultPoint.BEFORE_COMMIT_RECORD);
      ResultRecord record = times.time(Stage.COMMIT, () -> results.commit(job.id(), ours));
      faults.pass(FaultPoint.AFTER_COMMIT_RECORD);
      boolean first = record.equals(ours);
      if (first) {
        JobMeasures.of(result).recordIn(metrics);
      }
      tools.accepted().advance(record);
      return new Ended(record, first);
    } finally {
      counted.close();
    }
  }

  private Concluded conclude(Admitted admitted, Workspace work, StageTimes times)
      throws IOException, InterruptedException {
    Job job = admitted.job();
    RunningJob running = admitted.running();
    // What was cancelled or superseded while it waited does not begin.
    tools.attendant().ask(running);
    JobAttendant.Attended attended = tools.attendant().attend(running);
    try {
      if (running.stop().isPresent()) {
        return admitted.stopped(running.stop().get(), Instant.now());
      }
      Policy policy = tools.policies().choose(job.data().policy(), job.data().model().name());
      Path directory = work.directory("inputs");
      Inputs inputs = times.time(Stage.FETCH, () -> tools.inputs().fetch(job.data(), directory));
      faults.pass(FaultPoint.AFTER_FETCH);
      JobState.Fetched fetched = admitted.fetched(policy, inputs);
      Double warmStart = tools.accepted().warmStart(job.data().model().name(), policy).orElse(null);
      while (running.stop().isEmpty()) {
        Integer checkpoint = tools.checkpoints().newest(job.id()).orElse(null);
        Attempts.Next next = tools.attempts().next(job.id(), checkpoint, warmStart);
        if (next instanceof Attempts.Next.Exhausted end) {
          return admitted.failed(end.reason(), end.attempts(), Instant.now());
        }
        Attempt attempt = ((Attempts.Next.Begin) next).attempt();
        running.attempt(attempt.number());
        Optional<Concluded> end =
            traces.attempt(
                attempt.number(),
                attempt.resumedFrom(),
                () -> attempt(fetched.attempting(attempt), work, times));
        if (end.isPresent()) {
          return end.get();
        }
      }
      return admitted.stopped(running.stop().get(), Instant.now());
    } catch (Refusal refusal) {
      return admitted.refused(refusal.reason(), Instant.now());
    } catch (InterruptedException | IOException e) {
      attended.release();
      throw e;
    } finally {
      attended.close();
    }
  }

  /** One attempt; empty when it died, or was told to. */
  private Optional<Concluded> attempt(Attempting now, Workspace work, StageTimes times)
      throws IOException, InterruptedException {
    try {
      AttemptRunner.End end = tools.attemptRunner().run(now, work, times);
      if (end instanceof AttemptRunner.Finished finished) {
        return Optional.of(finished.state());
      }
      if (now.fetched().admitted().running().stop().isPresent()) {
        return Optional.empty();
      }
      Reason reason = ((AttemptRunner.Died) end).reason();
      LOG.warnf("Attempt without outcome: job=%s reason=\"%s\"", now.job().id(), reason);
      traces.failed(reason);
      metrics.engineRestarted(reason.code());
      tools.attempts().died(now.job().id(), now.attempt().number(), reason);
      return Optional.empty();
    } catch (InterruptedException | IOException e) {
      // Neither says anything of the model: another owner, or a fault of this machine or the store.
      // Where it was an interrupt, it has been taken: the store can be used once more.
      Thread.interrupted();
      tools.attempts().interrupted(now.job().id(), now.attempt().number());
      throw e;
    }
  }

  /** The engine has read a stranger's model: what it reports must still be a result. */
  private Concluded valid(Admitted admitted, Concluded end) {
    List<String> violations = tools.events().violations(end.result());
    if (violations.isEmpty()) {
      return end;
    }
    Reason reason =
        new Reason(ReasonCode.ENGINE_CRASHED, "its result breaks the schema: " + violations);
    return admitted.failed(reason, end.result().job().attempt(), Instant.now());
  }
}
