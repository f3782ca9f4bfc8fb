package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Whether another run of a job is under way: a worker that has lost its partition and does not know
 * it yet, or one that works on a copy of the event. Its claim then moves, and waiting for its
 * result saves the same work. A claim that stands still belongs to nobody. Nothing rests on this
 * but work: two runs of a job have one result.
 */
@Singleton
class OtherRuns {
  private static final Logger LOG = Logger.getLogger(OtherRuns.class);

  /** Three writings that should have been. */
  private static final Duration STANDSTILL = ClaimWriter.LONGEST_SILENCE.multipliedBy(3);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final ResultCommitter results;
  private final Duration standstill;
  private final Duration look;

  @Inject
  OtherRuns(ObjectStore store, ObjectKeys keys, ResultCommitter results) {
    this(store, keys, results, STANDSTILL, LOOK);
  }

  OtherRuns(
      ObjectStore store,
      ObjectKeys keys,
      ResultCommitter results,
      Duration standstill,
      Duration look) {
    this.store = store;
    this.keys = keys;
    this.results = results;
    this.standstill = standstill;
    this.look = look;
  }

  /**
   * Waits while another run moves.
   *
   * @return its result; empty when no run is under way, and the job is the caller's
   * @throws InterruptedException when this thread was interrupted
   */
  Optional<ResultRecord> await(JobId job) throws IOException, InterruptedException {
    Optional<Claim> seen = claim(job);
    long moved = System.nanoTime();
    while (seen.isPresent() && System.nanoTime() - moved < standstill.toNanos()) {
      Thread.sleep(look.toMillis());
      Optional<ResultRecord> result = results.committed(job);
      if (result.isPresent()) {
        return result;
      }
      Optional<Claim> now = claim(job);
      if (now.isPresent() && !now.equals(seen)) {
        LOG.infof("Job is at another worker: job=%s worker=%s", job, now.get().worker());
        moved = System.nanoTime();
      }
      seen = now;
    }
    return Optional.empty();
  }

  /** The claim of a run that was not given up. */
  private Optional<Claim> claim(JobId job) throws IOException {
    return Claim.read(store, keys.claim(job))
        .filter(claim -> !claim.stage().equals(Claim.RELEASED));
  }
}
