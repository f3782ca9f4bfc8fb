package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.worker.publish.ResultCommitter;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
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
  private static final int MAX_BYTES = 16 << 10;

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

  /** The claim of a run that was not given up; one that cannot be read is as good as none. */
  private Optional<Claim> claim(JobId job) throws IOException {
    try {
      return store
          .read(keys.claim(job), MAX_BYTES)
          .flatMap(OtherRuns::parsed)
          .filter(claim -> !claim.stage().equals(Claim.RELEASED));
    } catch (FileSystemException e) {
      return Optional.empty();
    }
  }

  private static Optional<Claim> parsed(byte... json) {
    try {
      String text = new String(json, StandardCharsets.UTF_8);
      return Optional.ofNullable(ContractJson.mapper().readValue(text, Claim.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
