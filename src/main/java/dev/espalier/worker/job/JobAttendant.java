package dev.espalier.worker.job;

import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Looks after running jobs, on a thread of its own: whether anyone has asked for their end, and
 * that their claims say how far they are. Nothing that goes wrong here touches the job.
 */
@Singleton
class JobAttendant {
  private static final Logger LOG = Logger.getLogger(JobAttendant.class);
  private static final Duration ROUND = Duration.ofSeconds(2);

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Cancellation cancellation;
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "job-attendant");
            thread.setDaemon(true);
            return thread;
          });

  JobAttendant(ObjectStore store, ObjectKeys keys, Cancellation cancellation) {
    this.store = store;
    this.keys = keys;
    this.cancellation = cancellation;
  }

  /** Being looked after, until it is closed. */
  interface Attended {
    void close();

    /** Says in the claim that the job is given up, so that whoever comes to it need not wait. */
    void release();
  }

  /** Stops a job that is not wanted any more. */
  void ask(RunningJob job) throws IOException {
    cancellation.requested(job.job().id()).ifPresent(job::stop);
    if (job.stop().isEmpty()) {
      job.successor().newer(job.job()).map(Stop::superseded).ifPresent(job::stop);
    }
  }

  /** Looks after a job, from now on and every two seconds. */
  Attended attend(RunningJob job) {
    ClaimWriter claim = new ClaimWriter(store, keys.claim(job.job().id()));
    ScheduledFuture<?> round =
        rounds.scheduleWithFixedDelay(
            () -> round(job, claim), 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    return new Attended() {
      @Override
      public void close() {
        round.cancel(false);
      }

      @Override
      public void release() {
        close();
        job.stage(Claim.RELEASED);
        writeNow(job, claim);
      }
    };
  }

  /** The worker may be about to end: this is waited for, and not for long. */
  private void writeNow(RunningJob job, ClaimWriter claim) {
    // Where the job was interrupted, the interrupt has been taken.
    Thread.interrupted();
    try {
      rounds.submit(() -> write(job, claim)).get(ROUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      LOG.warnf("Claim not released: job=%s cause=%s", job.job().id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Void write(RunningJob job, ClaimWriter claim) throws IOException {
    claim.write(job);
    return null;
  }

  private void round(RunningJob job, ClaimWriter claim) {
    try {
      ask(job);
      claim.write(job);
    } catch (IOException | RuntimeException e) {
      LOG.warnf("Job not looked after this time: job=%s cause=%s", job.job().id(), e.toString());
    }
  }

  @PreDestroy
  void close() {
    rounds.shutdownNow();
  }
}
