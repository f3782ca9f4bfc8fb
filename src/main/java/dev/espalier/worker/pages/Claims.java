package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import dev.espalier.worker.job.JobProgress;
import dev.espalier.worker.job.RunningJobs;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.Stores;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What workers say of the jobs they run, from the store, and what was seen of each so far. Only the
 * first event of a partition can be running, so the reads are bounded by the partitions.
 */
@Singleton
class Claims {
  private static final Duration STILL = Duration.ofMinutes(1);

  private final Supplier<ObjectStore> direct;
  private final ObjectKeys keys;
  private final RunningJobs here;
  private final Map<JobId, Seen> seen = new HashMap<>();
  private final Map<JobId, Trail> trails = new ConcurrentHashMap<>();
  private @Nullable AutoCloseable listening;

  @Inject
  Claims(Instance<Stores> stores, ObjectKeys keys, RunningJobs here) {
    this(() -> stores.get().direct(), keys, here);
  }

  Claims(Supplier<ObjectStore> direct, ObjectKeys keys, RunningJobs here) {
    this.direct = direct;
    this.keys = keys;
    this.here = here;
  }

  /** Of this worker's own jobs every step is noted, whether somebody looks or not. */
  void start(@Observes StartupEvent event) {
    listening = here.listen(this::progressed);
  }

  void progressed(JobProgress progress) {
    JobId job = progress.job().id();
    if (progress.ended()) {
      trails.remove(job);
    } else {
      trails.computeIfAbsent(job, begun -> new Trail()).add(progress.claim());
      // Threads overtake each other: this may be told after the end.
      if (here.find(job).isEmpty()) {
        trails.remove(job);
      }
    }
  }

  @PreDestroy
  void close() throws Exception {
    if (listening != null) {
      listening.close();
    }
  }

  /** The last claim seen of a job. */
  private static final class Seen {
    private Claim claim;
    private long changedAt = System.nanoTime();
    private final Trail trail = new Trail();

    Seen(Claim claim) {
      this.claim = claim;
    }

    void update(Claim now) {
      if (now.counter() != claim.counter() || !now.worker().equals(claim.worker())) {
        changedAt = System.nanoTime();
      }
      claim = now;
      trail.add(now);
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
        Optional<Claim> found = Claim.read(direct.get(), keys.claim(event.job()));
        if (found.isPresent()) {
          Claim claim = found.get();
          Seen of = seen.computeIfAbsent(event.job(), job -> new Seen(claim));
          of.update(claim);
          Trail trail = trails.getOrDefault(event.job(), of.trail);
          running.add(new RunningJob(event, claim, of.isStill(), trail.steps()));
        }
      }
    }
    return running;
  }
}
