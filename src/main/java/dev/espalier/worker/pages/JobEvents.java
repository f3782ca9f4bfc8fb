package dev.espalier.worker.pages;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ServiceUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What changes about the jobs, for those who watch: one look a second for all of them together. A
 * watcher that reads too slowly misses states in between, never the last one.
 */
@Singleton
public class JobEvents {
  /** Watchers at a time; each holds a connection. */
  static final int MOST = 256;

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Proxies close connections on which nothing moves. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  /** Results in an event: those that may be new to somebody who watches. */
  private static final int RESULTS = 10;

  private static final String END = "";

  private final JobBoard board;
  private final AtomicInteger watchers = new AtomicInteger();
  private final Multi<String> shared;
  private final BroadcastProcessor<String> ending = BroadcastProcessor.create();
  private volatile boolean stopping;
  private String lastSeen = "";
  private long lastSent;

  JobEvents(JobBoard board) {
    this.board = board;
    this.shared =
        Multi.createFrom()
            .ticks()
            .every(LOOK)
            .onOverflow()
            .drop()
            .emitOn(Infrastructure.getDefaultWorkerPool())
            .map(tick -> change())
            .select()
            .where(Optional::isPresent)
            .map(Optional::get)
            .broadcast()
            .withCancellationAfterLastSubscriberDeparture()
            .toAllSubscribers();
  }

  /**
   * The state now, and again whenever it changes.
   *
   * @throws ServiceUnavailableException when too many watch already
   */
  Multi<String> stream() {
    if (stopping) {
      throw new ServiceUnavailableException("this worker ends");
    }
    if (watchers.incrementAndGet() > MOST) {
      watchers.decrementAndGet();
      throw new ServiceUnavailableException("too many watch already");
    }
    Multi<String> first =
        Multi.createFrom()
            .item(() -> ApiJson.event(board.current(), RESULTS))
            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    Multi<String> changes =
        Multi.createBy().concatenating().streams(first, shared.onOverflow().dropPreviousItems());
    return Multi.createBy()
        .merging()
        .withRequests(1)
        .streams(ending, changes)
        .select()
        .first(event -> !event.equals(END))
        .onTermination()
        .invoke(watchers::decrementAndGet);
  }

  /** Ticks come one after the other. */
  private Optional<String> change() {
    if (stopping) {
      return Optional.of(END);
    }
    Snapshot now = board.current();
    String seen = ApiJson.event(now.at(Instant.EPOCH), RESULTS);
    boolean silent = System.nanoTime() - lastSent > LONGEST_SILENCE.toNanos();
    if (seen.equals(lastSeen) && !silent) {
      return Optional.empty();
    }
    lastSeen = seen;
    lastSent = System.nanoTime();
    return Optional.of(ApiJson.event(now, RESULTS));
  }

  /**
   * Ends all streams, and what is read for them and for pages: the server waits for requests that
   * are under way before it tells anybody else that it ends.
   */
  public void stop() {
    stopping = true;
    board.stop();
    ending.onNext(END);
  }
}
