package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.ObjectTooLargeException;
import dev.espalier.worker.storage.S3Uri;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code jobs/<jobId>/claim}: who is at a job and how far it is. It advises people
 * and other workers and decides nothing; once {@code result.json} exists, it is of no meaning.
 *
 * @param worker host and process that wrote it
 * @param attempt 1-based; 0 before the first begins
 * @param counter grows with every change and every sign of life of this run of the job: one that
 *     stands still, and not one that is old, belongs to a worker that is gone
 * @param stage what is being done, as the metrics name it; {@link #RELEASED} when the worker gave
 *     the job up in good order
 * @param fraction of the engine's run, in [0, 1]
 * @param step newest finished step, 1-based; absent before the first
 * @param steps number of steps; absent before the first is finished
 * @param sparsity of the prunable units after that step, in [0, 1]
 * @param metric after that step, on the search half; absent when the step failed
 * @param updated by the worker's clock: for people, never compared
 */
public record Claim(
    String worker,
    int attempt,
    long counter,
    String stage,
    double fraction,
    @Nullable Integer step,
    @Nullable Integer steps,
    @Nullable Double sparsity,
    @Nullable Double metric,
    Instant updated) {

  /** The stage of a job that was admitted and not yet begun. */
  public static final String ADMITTED = "admitted";

  /** The stage of a job that its worker gave up in good order: another may go on at once. */
  public static final String RELEASED = "released";

  /** More than any worker writes. */
  static final int MAX_BYTES = 16 << 10;

  /**
   * A job's claim as it is stored; one that cannot be read, of a later version perhaps, is as good
   * as none.
   *
   * @throws IOException when the store does not answer
   */
  public static Optional<Claim> read(ObjectStore store, S3Uri at) throws IOException {
    try {
      Optional<byte[]> content = store.read(at, MAX_BYTES);
      return content.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(ContractJson.mapper().readValue(content.get(), Claim.class));
    } catch (JsonProcessingException | ObjectTooLargeException e) {
      return Optional.empty();
    }
  }
}
