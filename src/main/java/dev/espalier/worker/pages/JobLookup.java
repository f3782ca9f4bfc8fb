package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Cancellation;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One job, wherever it is: among the open ones, or in the store with its result. */
@Singleton
class JobLookup {
  private final StoredJobs stored;
  private final Cancellation cancellation;
  private final JobBoard board;

  JobLookup(StoredJobs stored, Cancellation cancellation, JobBoard board) {
    this.stored = stored;
    this.cancellation = cancellation;
    this.board = board;
  }

  /** What is known of a job: exactly one of the three. */
  record Found(
      JobId job,
      @Nullable RunningJob running,
      @Nullable WaitingEvent waiting,
      StoredJobs.@Nullable Stored finished,
      boolean cancelling) {

    JobView view() {
      if (finished != null) {
        return JobView.of(job, finished);
      }
      if (running != null) {
        return JobView.of(running, cancelling);
      }
      if (waiting != null) {
        return JobView.of(waiting, cancelling);
      }
      throw new IllegalStateException("a job that was found is in some state");
    }
  }

  /** What came of asking for a job's end. */
  enum Cancelled {
    REQUESTED,
    ALREADY_FINISHED,
    UNKNOWN
  }

  /** An id as it stands in an address; empty when it has another form. */
  static Optional<JobId> parse(String id) {
    try {
      return Optional.of(new JobId(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Looks for a job.
   *
   * @throws IOException when the store does not answer
   */
  Optional<Found> find(String id, Snapshot snapshot) throws IOException {
    Optional<JobId> parsed = parse(id);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    JobId job = parsed.get();
    Optional<StoredJobs.Stored> result = stored.result(job);
    if (result.isPresent()) {
      return Optional.of(new Found(job, null, null, result.get(), false));
    }
    RunningJob running = snapshot.running(job).orElse(null);
    WaitingEvent waiting = snapshot.waiting(job).orElse(null);
    if (running == null && waiting == null) {
      return Optional.empty();
    }
    return Optional.of(new Found(job, running, waiting, null, stored.isCancelling(job)));
  }

  /**
   * Asks for a job's end. A job behind those known of its partition counts as unknown.
   *
   * @param who asks, for the record
   */
  Cancelled cancel(String id, String who) throws IOException {
    Optional<Found> found = find(id, board.current());
    if (found.isEmpty()) {
      return Cancelled.UNKNOWN;
    }
    if (found.get().finished() != null) {
      return Cancelled.ALREADY_FINISHED;
    }
    cancellation.request(found.get().job(), who);
    return Cancelled.REQUESTED;
  }
}
