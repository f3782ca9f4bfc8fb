package dev.espalier.worker.publish;

import dev.espalier.contract.JobId;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;

/**
 * The commit point of a job: the exclusive creation of its {@code result.json}. Whatever any worker
 * announces for the job, now or later, is the record stored there.
 */
@Singleton
public class ResultCommitter {
  private static final int MAX_BYTES = 4 << 20;

  private final ObjectStore store;
  private final ObjectKeys keys;

  ResultCommitter(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** The job's result, once there is one. */
  public Optional<ResultRecord> committed(JobId job) throws IOException {
    Optional<byte[]> stored = store.read(keys.result(job), MAX_BYTES);
    return stored.isEmpty() ? Optional.empty() : Optional.of(ResultRecord.fromJson(stored.get()));
  }

  /**
   * Commits a result.
   *
   * @return the job's result from now on: {@code ours}, or that of the worker that was first
   */
  public ResultRecord commit(JobId job, ResultRecord ours) throws IOException {
    if (store.createExclusive(keys.result(job), ours.toJson())) {
      return ours;
    }
    return committed(job)
        .orElseThrow(() -> new IOException("result of " + job + " exists but cannot be read"));
  }
}
