package dev.espalier.worker.publish;

import dev.espalier.contract.JobId;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Markers that a result is visible. They let a copy of an event at other coordinates, as mirroring
 * or a re-created topic makes them, be acknowledged without a second result. A marker is written
 * after the transaction and may be missing after a crash: then such a copy is answered again, with
 * the same bytes and id.
 */
@Singleton
public class AnnouncedMarks {
  private static final Logger LOG = Logger.getLogger(AnnouncedMarks.class);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "announced-marks");
            thread.setDaemon(true);
            return thread;
          });

  AnnouncedMarks(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** Whether the job's result is known to be visible. */
  public boolean exists(JobId job) throws IOException {
    return store.read(keys.announced(job), 1).isPresent();
  }

  /**
   * Waits for the marker of a result that another worker has committed: its transaction, and then
   * the marker, follow within moments, unless that worker died.
   *
   * @return whether the result is known to be visible; false after {@code patience}
   */
  public boolean await(JobId job, Duration patience) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!exists(job)) {
      if (System.nanoTime() - begun >= patience.toNanos()) {
        return false;
      }
      Thread.sleep(LOOK.toMillis());
    }
    return true;
  }

  /** Writes the marker soon, off the calling thread: the poll thread waits for no store. */
  public void writeLater(JobId job) {
    writer.execute(
        () -> {
          try {
            store.createExclusive(keys.announced(job), new byte[0]);
          } catch (IOException e) {
            LOG.warnf("Announced marker not written: job=%s cause=%s", job, e.getMessage());
          }
        });
  }

  @PreDestroy
  void close() {
    writer.shutdownNow();
  }
}
