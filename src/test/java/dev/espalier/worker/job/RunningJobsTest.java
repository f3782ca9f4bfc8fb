package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
  private static final Stop CANCELLED =
      new Stop(Verdict.FAILED, new Reason(ReasonCode.CANCELLED, "by ada"));
  private static final Stop SUPERSEDED =
      new Stop(Verdict.SUPERSEDED, new Reason(ReasonCode.SUPERSEDED, "by version 43"));

  private final RunningJobs jobs = new RunningJobs();
  private final RunningJob job = jobs.begin(Jobs.job(), Successor.NONE);

  @Test
  void shouldTellHowFarAJobIsWhenItsEngineReports() {
    job.attempt(2);
    job.progressed(new Progress.StageStarted(Progress.Stage.PRUNE));
    job.progressed(new Progress.Advanced(0.25));
    job.progressed(new Progress.StepFinished(3, 8, 0.5, 0.91));

    assertThat(jobs.all()).containsExactly(job.progress());
    Claim claim = jobs.find(Jobs.job().id()).orElseThrow().claim();
    assertThat(claim.attempt()).isEqualTo(2);
    assertThat(claim.stage()).isEqualTo("prune");
    assertThat(claim.fraction()).isEqualTo(0.25);
    assertThat(List.of(claim.step(), claim.steps())).containsExactly(3, 8);
    assertThat(List.of(claim.sparsity(), claim.metric())).containsExactly(0.5, 0.91);
  }

  @Test
  void shouldForgetTheStepsOfAnAttemptWhenAnotherBegins() {
    job.attempt(1);
    job.progressed(new Progress.StepFinished(3, 8, 0.5, 0.91));
    job.attempt(2);

    assertThat(job.claim().step()).isNull();
  }

  @Test
  void shouldKeepWhatIsNoNumberOutOfTheClaim() {
    job.progressed(new Progress.Advanced(Double.NaN));
    job.progressed(new Progress.Advanced(7));
    job.progressed(new Progress.StepFinished(1, 8, Double.POSITIVE_INFINITY, 0.9));

    assertThat(job.claim().fraction()).isZero();
    assertThat(job.claim().step()).isNull();
  }

  @Test
  void shouldTellListenersOfEveryChangeUntilTheyGo() throws Exception {
    List<JobProgress> told = new ArrayList<>();
    AutoCloseable listening = jobs.listen(told::add);
    job.stage("fetch");
    job.progressed(new Progress.Heartbeat(7));
    job.close();
    listening.close();
    jobs.begin(Jobs.job(), Successor.NONE);

    assertThat(told).extracting(JobProgress::ended).containsExactly(false, true);
    assertThat(told).extracting(progress -> progress.claim().counter()).isSorted();
  }

  @Test
  void shouldForgetAJobWhenItHasEnded() {
    job.close();
    assertThat(jobs.all()).isEmpty();
    assertThat(jobs.find(Jobs.job().id())).isEmpty();
  }

  @Test
  void shouldGoOnWhenAListenerFails() {
    jobs.listen(
        progress -> {
          throw new IllegalStateException("a page has gone");
        });
    assertThatCode(() -> job.stage("fetch")).doesNotThrowAnyException();
  }

  @Test
  void shouldEndTheEngineWhenAskedToStop() {
    List<Reason> ended = new ArrayList<>();
    job.engineStarted(ended::add);
    job.stop(CANCELLED);
    job.stop(SUPERSEDED);

    assertThat(ended).containsExactly(CANCELLED.reason());
    assertThat(job.stop()).contains(CANCELLED);
  }

  @Test
  void shouldEndTheEngineAtOnceWhenAskedBeforeItStarted() {
    List<Reason> ended = new ArrayList<>();
    job.stop(CANCELLED);
    job.engineStarted(ended::add);

    assertThat(ended).containsExactly(CANCELLED.reason());
  }

  @Test
  void shouldLeaveAnEngineAloneThatHasEnded() {
    List<Reason> ended = new ArrayList<>();
    job.engineStarted(ended::add);
    job.engineEnded();
    job.stop(CANCELLED);

    assertThat(ended).isEmpty();
  }
}
