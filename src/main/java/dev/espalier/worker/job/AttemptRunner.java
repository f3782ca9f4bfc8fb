package dev.espalier.worker.job;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.job.JobState.Accepted;
import dev.espalier.worker.job.JobState.Attempting;
import dev.espalier.worker.job.JobState.Concluded;
import dev.espalier.worker.telemetry.Stage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** One attempt: engine, push, self-check. */
@Singleton
class AttemptRunner {
  private final EngineWork engine;
  private final Artifacts artifacts;
  private final SelfCheck selfCheck;

  AttemptRunner(EngineWork engine, Artifacts artifacts, SelfCheck selfCheck) {
    this.engine = engine;
    this.artifacts = artifacts;
    this.selfCheck = selfCheck;
  }

  /** How an attempt ends. */
  sealed interface End {}

  /** With the job's result. */
  record Finished(Concluded state) implements End {}

  /** Without: the engine died, or what it left cannot be used. */
  record Died(Reason reason) implements End {}

  /**
   * Makes an attempt.
   *
   * @throws InterruptedException when this thread was interrupted; the engine is then ended
   */
  End run(Attempting now, Workspace work, StageTimes times)
      throws IOException, InterruptedException {
    Path directory = work.directory("attempt-" + now.attempt().number());
    EngineOutcome outcome = engine.prune(now, directory);
    if (outcome instanceof EngineOutcome.Judged judged) {
      times.addAll(judged.phases());
      return push(now, judged, directory, work, times);
    }
    if (outcome instanceof EngineOutcome.Refused refused) {
      return new Finished(now.refused(refused.reason(), Instant.now()));
    }
    if (outcome instanceof EngineOutcome.Hindered hindered) {
      throw new IOException(hindered.reason().message());
    }
    if (!(outcome instanceof EngineOutcome.Failed failed)) {
      return new Died(
          new Reason(ReasonCode.ENGINE_CRASHED, "its outcome is not one of a prune run"));
    }
    return switch (failed.reason().code()) {
      case DEADLINE_EXCEEDED -> new Finished(now.failed(failed.reason(), Instant.now()));
      case DOES_NOT_FIT -> new Finished(now.refused(failed.reason(), Instant.now()));
      default -> new Died(failed.reason());
    };
  }

  private End push(
      Attempting now, EngineOutcome.Judged judged, Path directory, Workspace work, StageTimes times)
      throws IOException, InterruptedException {
    int number = now.attempt().number();
    ModelResult.Output output = judged.output();
    Artifacts.Pushed pushed =
        times.time(Stage.PUSH, () -> artifacts.push(now.job().id(), number, directory, output));
    return output == null
        ? new Finished(now.declined(judged, pushed).concluded(times.seconds(), Instant.now()))
        : check(now.accepted(judged, output, pushed), work.directory("verify-" + number), times);
  }

  private End check(Accepted accepted, Path fresh, StageTimes times)
      throws IOException, InterruptedException {
    SelfCheck.Outcome check = times.time(Stage.VERIFY, () -> selfCheck.run(accepted, fresh));
    return check instanceof SelfCheck.Passed proof
        ? new Finished(accepted.verified(proof, times.seconds(), Instant.now()))
        : new Died(((SelfCheck.Mismatch) check).reason());
  }
}
