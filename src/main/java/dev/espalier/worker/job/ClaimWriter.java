package dev.espalier.worker.job;

import dev.espalier.contract.ContractJson;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one claim: written when the job has changed, and otherwise often enough to be told from
 * that of a worker that is gone. Used by one thread.
 */
final class ClaimWriter {
  /** Longest time between two writings of a job that is being worked on. */
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  private final ObjectStore store;
  private final S3Uri at;
  private byte @Nullable [] stored;
  private long counter;
  private long written;

  ClaimWriter(ObjectStore store, S3Uri at) {
    this.store = store;
    this.at = at;
  }

  /** Writes what the job's claim says, if it is time. */
  void write(RunningJob job) throws IOException {
    if (job.claim().counter() == counter) {
      if (System.nanoTime() - written < LONGEST_SILENCE.toNanos()) {
        return;
      }
      job.alive();
    }
    Claim claim = job.claim();
    byte[] content = ContractJson.mapper().writeValueAsBytes(claim);
    if (!store.replace(at, stored, content)) {
      // Another worker's, or that of an earlier run: the newest run's is the one to show.
      stored = store.read(at, Claim.MAX_BYTES).orElse(null);
      if (!store.replace(at, stored, content)) {
        return;
      }
    }
    stored = content;
    counter = claim.counter();
    written = System.nanoTime();
  }
}
