package dev.espalier.worker.pages;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.Stores;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What workers say of the jobs they run, from the store, and what was seen of each so far. Only the
 * first event of a partition can be running, so the reads are bounded by the partitions.
 */
@Singleton
class Claims {
  private static final int MAX_BYTES = 8 << 10;
  private static final int LONGEST_TRAIL = 256;
  private static final Duration STILL = Duration.ofMinutes(1);

  private final Instance<Stores> stores;
  private final ObjectKeys keys;
  private final Map<JobId, Seen> seen = new HashMap<>();

  Claims(Instance<Stores> stores, ObjectKeys keys) {
    this.stores = stores;
    this.keys = keys;
  }

  /** The last claim seen of a job. */
  private static final class Seen {
    private Claim claim;
    private long changedAt = System.nanoTime();
    private final List<RunningJob.Step> trail = new ArrayList<>();

    Seen(Claim claim) {
      this.claim = claim;
    }

    void update(Claim now) {
      if (now.counter() != claim.counter() || !now.worker().equals(claim.worker())) {
        changedAt = System.nanoTime();
      }
      claim = now;
      Integer step = now.step();
      boolean isNew =
          trail.isEmpty() || (step != null && trail.get(trail.size() - 1).step() != step);
      if (step != null && isNew && trail.size() < LONGEST_TRAIL) {
        trail.removeIf(earlier -> earlier.step() >= step);
        trail.add(new RunningJob.Step(step, now.sparsity(), now.metric()));
      }
    }

    boolean isStill() {
      return System.nanoTime() - changedAt > STILL.toNanos();
    }
  }

  /**
   * Those of the events that a worker has begun.
   *
   * @throws IOException when the store does not answer
   */
  synchronized List<RunningJob> of(List<WaitingEvent> events) throws IOException {
    Set<JobId> current = events.stream().map(WaitingEvent::job).collect(Collectors.toSet());
    seen.keySet().retainAll(current);
    List<RunningJob> running = new ArrayList<>();
    for (WaitingEvent event : events) {
      if (event.isFirst()) {
        Claim claim = claim(event.job());
        if (claim != null) {
          Seen of = seen.computeIfAbsent(event.job(), job -> new Seen(claim));
          of.update(claim);
          running.add(new RunningJob(event, claim, of.isStill(), List.copyOf(of.trail)));
        }
      }
    }
    return running;
  }

  private @Nullable Claim claim(JobId job) throws IOException {
    Optional<byte[]> content = stores.get().direct().read(keys.claim(job), MAX_BYTES);
    if (content.isEmpty()) {
      return null;
    }
    try {
      return ContractJson.mapper().readValue(content.get(), Claim.class);
    } catch (JsonProcessingException e) {
      // Advice that cannot be read, of a later version perhaps, is as good as none.
      return null;
    }
  }
}
