package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.intake.WaitingEvents;
import dev.espalier.worker.publish.AnnouncedResult;
import dev.espalier.worker.publish.ResultLog;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, as last looked at. Whoever asks first after a second looks again; everybody else gets
 * what is there, so that broker and store are asked at the same rate however many people watch, and
 * not at all when nobody does.
 */
@Singleton
class JobBoard {
  private static final Logger LOG = Logger.getLogger(JobBoard.class);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Snapshot NOTHING =
      new Snapshot(List.of(), List.of(), 0, List.of(), false, Instant.EPOCH, null);

  private final ResultLog results;
  private final WaitingEvents waiting;
  private final Claims claims;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile @Nullable Snapshot last;
  private volatile long lookedAt;

  JobBoard(ResultLog results, WaitingEvents waiting, Claims claims) {
    this.results = results;
    this.waiting = waiting;
    this.claims = claims;
  }

  /** The jobs; may wait for broker and store for some seconds. */
  Snapshot current() {
    Snapshot known = last;
    if (known != null && System.nanoTime() - lookedAt < FRESH.toNanos()) {
      return known;
    }
    if (known != null) {
      return looking.tryLock() ? look() : known;
    }
    looking.lock();
    return look();
  }

  /** Lets no look take long any more. */
  void stop() {
    waiting.end();
    results.end();
  }

  /** With the lock held, which it gives back. */
  private Snapshot look() {
    try {
      Snapshot known = last;
      if (known != null && System.nanoTime() - lookedAt < FRESH.toNanos()) {
        return known;
      }
      Snapshot now = lookAgain(known == null ? NOTHING : known);
      last = now;
      lookedAt = System.nanoTime();
      return now;
    } finally {
      looking.unlock();
    }
  }

  private Snapshot lookAgain(Snapshot before) {
    try {
      // In this order: a job that ends between the two is seen in both, and never in neither.
      WaitingEvents.Waiting open = waiting.read();
      List<RunningJob> begun = claims.of(open.events());
      ResultLog.Latest latest = results.read();
      Set<JobId> done =
          latest.results().stream().map(AnnouncedResult::job).collect(Collectors.toSet());
      Set<JobId> running = begun.stream().map(r -> r.event().job()).collect(Collectors.toSet());
      return new Snapshot(
          begun.stream().filter(r -> !done.contains(r.event().job())).toList(),
          open.events().stream().filter(e -> isOpen(e, done, running)).toList(),
          open.records(),
          latest.results(),
          latest.complete(),
          Instant.now(),
          null);
    } catch (IOException e) {
      if (before.trouble() == null) {
        LOG.warnf("Pages show what was known before: cause=%s", e.getMessage());
      }
      return before.troubledBy(e.getMessage());
    }
  }

  private static boolean isOpen(WaitingEvent event, Set<JobId> done, Set<JobId> running) {
    return !done.contains(event.job()) && !running.contains(event.job());
  }
}
