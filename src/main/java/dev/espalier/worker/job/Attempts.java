package dev.espalier.worker.job;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How often a job was tried, kept in the store so that every worker counts alike. An attempt leaves
 * {@code attempts/<n>} when it begins, and {@code attempts/<n>.died} or {@code .interrupted} when
 * the worker lived to see it end without an outcome; a worker that was killed leaves only the
 * first.
 */
@Singleton
class Attempts {
  private static final String DIED = "died";
  private static final String INTERRUPTED = "interrupted";
  private static final int MAX_LISTED = 1_000;
  private static final int MAX_BYTES = 8 << 10;

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final int maxDeaths;
  private final int maxWithoutProgress;

  Attempts(ObjectStore store, ObjectKeys keys, WorkerConfig config) {
    this.store = store;
    this.keys = keys;
    this.maxDeaths = config.attempts().max();
    this.maxWithoutProgress = config.attempts().maxWithoutProgress();
  }

  /** What may be done next. */
  sealed interface Next {
    /** Another try. */
    record Begin(Attempt attempt) implements Next {}

    /** No further try. */
    record Exhausted(Reason reason, int attempts) implements Next {}
  }

  /**
   * Begins the next attempt, unless the job has used up its bounds: engines that died while their
   * worker lived, or attempts in a row that brought no checkpoint, whoever died.
   *
   * @param checkpoint step of the newest checkpoint; absent when there is none
   * @param warmStart what a first attempt would start from; later ones keep what that one had, so
   *     that checkpoints stay of use whatever is accepted meanwhile
   */
  Next next(JobId job, @Nullable Integer checkpoint, @Nullable Double warmStart)
      throws IOException {
    History history = history(job);
    int deaths = history.died.size();
    if (deaths >= maxDeaths) {
      String last = lastWords(job, history.died.last());
      return exhausted(history, "the engine died " + deaths + " times, at last of " + last);
    }
    int idle = withoutProgress(job, history, checkpoint);
    if (idle >= maxWithoutProgress) {
      return exhausted(history, idle + " attempts in a row brought neither outcome nor checkpoint");
    }
    for (int number = history.last() + 1; ; number++) {
      Double start = number == 1 ? warmStart : firstWarmStart(job);
      Begun begun = new Begun(UUID.randomUUID(), checkpoint, start);
      byte[] content = ContractJson.mapper().writeValueAsBytes(begun);
      if (store.createExclusive(keys.attempt(job, number), content)) {
        return new Next.Begin(new Attempt(number, checkpoint, start));
      }
    }
  }

  private @Nullable Double firstWarmStart(JobId job) throws IOException {
    byte[] content = store.read(keys.attempt(job, 1), MAX_BYTES).orElse(null);
    return content == null
        ? null
        : ContractJson.mapper().readValue(content, Begun.class).warmStart();
  }

  /** Takes note that the engine died, or gave what could not be used, while this worker lived. */
  void died(JobId job, int attempt, Reason reason) throws IOException {
    byte[] words = reason.toString().getBytes(StandardCharsets.UTF_8);
    store.createExclusive(keys.ended(job, attempt, DIED), words);
  }

  /** Takes note that this worker ended the attempt in good order: it counts for nothing. */
  void interrupted(JobId job, int attempt) throws IOException {
    store.createExclusive(keys.ended(job, attempt, INTERRUPTED), new byte[0]);
  }

  private Next exhausted(History history, String why) {
    String message = why + "; mend the model, or raise espalier.attempts and publish a new event";
    return new Next.Exhausted(
        new Reason(ReasonCode.ATTEMPTS_EXHAUSTED, message), history.begun.size());
  }

  private String lastWords(JobId job, int attempt) throws IOException {
    return store
        .read(keys.ended(job, attempt, DIED), MAX_BYTES)
        .map(words -> new String(words, StandardCharsets.UTF_8))
        .orElse("an unknown cause");
  }

  private int withoutProgress(JobId job, History history, @Nullable Integer checkpoint)
      throws IOException {
    int idle = 0;
    for (int number : history.begun.descendingSet()) {
      if (history.interrupted.contains(number)) {
        continue;
      }
      byte[] content = store.read(keys.attempt(job, number), MAX_BYTES).orElse(null);
      if (content == null || idle > maxWithoutProgress) {
        break;
      }
      Integer before = ContractJson.mapper().readValue(content, Begun.class).checkpoint();
      if (before == null ? checkpoint != null : !before.equals(checkpoint)) {
        break;
      }
      idle++;
    }
    return idle;
  }

  private History history(JobId job) throws IOException {
    History history = new History(new TreeSet<>(), new TreeSet<>(), new HashSet<>());
    int prefix = keys.attempts(job).key().length();
    for (S3Uri found : store.list(keys.attempts(job), MAX_LISTED)) {
      String[] name = found.key().substring(prefix).split("\\.", 2);
      int number = Integer.parseInt(name[0]);
      if (name.length == 1) {
        history.begun.add(number);
      } else if (name[1].equals(DIED)) {
        history.died.add(number);
      } else {
        history.interrupted.add(number);
      }
    }
    return history;
  }

  /** Content of {@code attempts/<n>}; the nonce makes it this worker's alone. */
  record Begun(UUID nonce, @Nullable Integer checkpoint, @Nullable Double warmStart) {}

  private record History(TreeSet<Integer> begun, TreeSet<Integer> died, Set<Integer> interrupted) {
    int last() {
      return begun.isEmpty() ? 0 : begun.last();
    }
  }
}
