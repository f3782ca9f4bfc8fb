package dev.espalier.worker.operation;

import dev.espalier.contract.JobId;
import dev.espalier.worker.job.Cancellation;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/** The operators' requests. Nothing in the container asks for it: sessions do. */
@Unremovable
@Singleton
public class Operations {
  private final Instance<Cancellation> cancellation;
  private final Instance<Redrive> redrive;
  private final Instance<Replay> replay;

  Operations(
      Instance<Cancellation> cancellation, Instance<Redrive> redrive, Instance<Replay> replay) {
    this.cancellation = cancellation;
    this.redrive = redrive;
    this.replay = replay;
  }

  /** What became of a request to cancel a job. */
  public enum Cancelled {
    /** It stands: the job ends as cancelled unless it finishes first. */
    REQUESTED,
    /** An earlier request stands. */
    REQUESTED_BEFORE,
    /** The job has its result, which stays. */
    FINISHED
  }

  /** Asks for the end of a job, in the name of {@code who}. */
  public Cancelled cancel(JobId job, String who) throws IOException {
    return Cancelled.valueOf(cancellation.get().request(job, who).name());
  }

  /**
   * The dead letters that are meant.
   *
   * @param execute whether those that wait are sent back
   * @throws IOException when Kafka does not answer, or another redrive took over; what was sent
   *     back until then has its note
   */
  public List<Letter> redrive(Selection selection, boolean execute) throws IOException {
    try {
      return execute ? redrive.get().execute(selection) : redrive.get().list(selection);
    } catch (KafkaException e) {
      throw new IOException("Kafka: " + e.getMessage(), e);
    }
  }

  /**
   * Announces the stored results of jobs again, all or none.
   *
   * @throws IOException when Kafka or the store do not answer
   */
  public List<Replayed> replay(List<JobId> jobs) throws IOException {
    try {
      return replay.get().replay(jobs);
    } catch (KafkaException e) {
      throw new IOException("Kafka: " + e.getMessage(), e);
    }
  }
}
