package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobId;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final JobId JOB = JobId.of("/training", "event-1");
  private static final Reason CRASH = new Reason(ReasonCode.ENGINE_CRASHED, "signal 11");

  private final ObjectStore store = new InMemoryObjectStore();
  private final Attempts attempts = worker();

  private Attempts worker() {
    return new Attempts(
        store,
        Keys.in("espalier"),
        TestConfig.with(
            "espalier.attempts.max", "3", "espalier.attempts.max-without-progress", "5"));
  }

  @Test
  void shouldCountFromOne() throws IOException {
    assertThat(attempts.next(JOB, null, null)).isEqualTo(begin(1, null));
    assertThat(attempts.next(JOB, null, null)).isEqualTo(begin(2, null));
  }

  @Test
  void shouldGiveEachWorkerItsOwnNumber() throws IOException {
    attempts.next(JOB, null, null);
    assertThat(worker().next(JOB, 4, null)).isEqualTo(begin(2, 4));
  }

  @Test
  void shouldKeepTheFirstWarmStartWhateverIsAcceptedMeanwhile() throws IOException {
    attempts.next(JOB, null, 0.8);
    JobId other = JobId.of("/training", "event-2");
    attempts.next(other, null, null);

    assertThat(worker().next(JOB, 1, 0.9))
        .isEqualTo(new Attempts.Next.Begin(new Attempt(2, 1, 0.8)));
    assertThat(worker().next(JOB, 1, null))
        .isEqualTo(new Attempts.Next.Begin(new Attempt(3, 1, 0.8)));
    assertThat(worker().next(other, 1, 0.9)).isEqualTo(begin(2, 1));
  }

  @Test
  void shouldEndWhenEngineDiedTooOften() throws IOException {
    for (int number = 1; number <= 3; number++) {
      // Progress does not help an engine that keeps dying.
      assertThat(attempts.next(JOB, number, null)).isEqualTo(begin(number, number));
      attempts.died(JOB, number, CRASH);
    }
    assertThat(attempts.next(JOB, 4, null))
        .isInstanceOfSatisfying(
            Attempts.Next.Exhausted.class,
            end -> {
              assertThat(end.reason().code()).isEqualTo(ReasonCode.ATTEMPTS_EXHAUSTED);
              assertThat(end.reason().message()).contains("3 times", "engine-crashed: signal 11");
              assertThat(end.attempts()).isEqualTo(3);
            });
  }

  @Test
  void shouldEndWhenWorkersDieAndNothingMoves() throws IOException {
    for (int number = 1; number <= 5; number++) {
      assertThat(attempts.next(JOB, 2, null)).isEqualTo(begin(number, 2));
    }
    assertThat(attempts.next(JOB, 2, null))
        .isInstanceOfSatisfying(
            Attempts.Next.Exhausted.class,
            end -> assertThat(end.reason().message()).startsWith("5 attempts in a row"));
  }

  @Test
  void shouldGoOnWhenWorkersDieAndCheckpointsMove() throws IOException {
    for (int number = 1; number <= 20; number++) {
      assertThat(attempts.next(JOB, number / 4, null)).isEqualTo(begin(number, number / 4));
    }
  }

  @Test
  void shouldNotCountAttemptWhenWorkerGaveItUpInGoodOrder() throws IOException {
    for (int number = 1; number <= 20; number++) {
      assertThat(attempts.next(JOB, null, null)).isEqualTo(begin(number, null));
      attempts.interrupted(JOB, number);
    }
  }

  private static Attempts.Next begin(int number, Integer checkpoint) {
    return new Attempts.Next.Begin(new Attempt(number, checkpoint));
  }
}
