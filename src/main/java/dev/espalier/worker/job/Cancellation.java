package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.ObjectTooLargeException;
import dev.espalier.worker.storage.Stores;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Requests to end a job without a model, kept in the store: whoever is at the job, or comes to it,
 * sees them. A request is no result: a job that finishes before its worker has seen the request
 * keeps what it found.
 */
@Singleton
public class Cancellation {
  private static final int MAX_BYTES = 4 << 10;
  private static final int MAX_WHO_CHARS = 256;

  private final ObjectStore store;
  private final ObjectStore direct;
  private final ObjectKeys keys;

  @Inject
  Cancellation(ObjectStore store, Stores stores, ObjectKeys keys) {
    this(store, stores.direct(), keys);
  }

  /**
   * Cancellations.
   *
   * @param store for jobs, which wait faults of it out
   * @param direct for whoever asks, who wants to know of faults
   */
  Cancellation(ObjectStore store, ObjectStore direct, ObjectKeys keys) {
    this.store = store;
    this.direct = direct;
    this.keys = keys;
  }

  /** What became of a request. */
  public enum Answer {
    /** It stands: the job will end as {@code cancelled} unless it finishes first. */
    REQUESTED,
    /** An earlier request stands. */
    REQUESTED_BEFORE,
    /** The job has its result, which stays. */
    FINISHED
  }

  /**
   * Content of {@code jobs/<jobId>/cancel}.
   *
   * @param who asked, as the result will say
   * @param requested when, by the clock of whoever wrote it
   */
  record Request(String who, Instant requested) {}

  /**
   * Asks for the end of a job. One that nobody knows may be asked for as well: it ends when its
   * event comes.
   *
   * @param who asks; at most 256 characters of it are kept
   * @throws IOException when the store does not answer; the request may stand nevertheless
   */
  public Answer request(JobId job, String who) throws IOException {
    if (hasResult(job)) {
      return Answer.FINISHED;
    }
    String name = who.substring(0, Math.min(who.length(), MAX_WHO_CHARS));
    Request request = new Request(name, Instant.now());
    byte[] content = ContractJson.mapper().writeValueAsBytes(request);
    return direct.createExclusive(keys.cancel(job), content)
        ? Answer.REQUESTED
        : Answer.REQUESTED_BEFORE;
  }

  private boolean hasResult(JobId job) throws IOException {
    try {
      return direct.read(keys.result(job), 1).isPresent();
    } catch (ObjectTooLargeException e) {
      return true;
    }
  }

  /** The end that was asked for; empty when none was. That the object exists decides. */
  Optional<Stop> requested(JobId job) throws IOException {
    Optional<byte[]> content;
    try {
      content = store.read(keys.cancel(job), MAX_BYTES);
    } catch (ObjectTooLargeException e) {
      content = Optional.of(new byte[0]);
    }
    return content.map(Cancellation::stop);
  }

  private static Stop stop(byte... content) {
    return Stop.cancelled(message(content));
  }

  private static String message(byte... content) {
    try {
      String json = new String(content, StandardCharsets.UTF_8);
      Request request = ContractJson.mapper().readValue(json, Request.class);
      return "cancelled by %s at %s; publish a new event to prune the model after all"
          .formatted(request.who(), request.requested().truncatedTo(ChronoUnit.SECONDS));
    } catch (JsonProcessingException | RuntimeException e) {
      return "cancelled; publish a new event to prune the model after all";
    }
  }
}
