package dev.espalier.worker.storage;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Proves, before the first record is taken, that the store decides exclusive creation: several
 * callers race to create one object, several times over, and each time exactly one must win. A
 * store that ignores the condition, or checks it before it takes turns, would let two workers
 * announce different results. Then the object is replaced once, unopposed: that the store knows the
 * condition for it. That replacing is exclusive is not shown, and nothing rests on it.
 */
@Singleton
public class ExclusiveCreationProbe {
  static final int RACERS = 8;

  /** A store that checks first and writes later lets only some races end with two winners. */
  private static final int ROUNDS = 5;

  private static final int LONGEST = 16;

  private static final Logger LOG = Logger.getLogger(ExclusiveCreationProbe.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Duration patience;

  @Inject
  ExclusiveCreationProbe(Stores stores, ObjectKeys keys) {
    this(stores.direct(), keys, PATIENCE);
  }

  ExclusiveCreationProbe(ObjectStore store, ObjectKeys keys, Duration patience) {
    this.patience = patience;
    this.store = store;
    this.keys = keys;
  }

  /**
   * Runs the races; leaves five objects of a few bytes below {@code probes/}. A store that does not
   * answer is given a minute: it may be starting as well.
   *
   * @throws IOException when the store cannot be used after that
   * @throws IllegalStateException when it does not let exactly one caller win
   */
  public void run() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        for (int round = 0; round < ROUNDS; round++) {
          race(keys.probe(UUID.randomUUID().toString()));
        }
        return;
      } catch (IOException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        LOG.warnf("Object store does not answer yet: %s", e.getCause());
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  private void race(S3Uri object) throws IOException, InterruptedException {
    CyclicBarrier line = new CyclicBarrier(RACERS);
    List<Callable<Boolean>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      byte[] content = ("racer " + i).getBytes(StandardCharsets.UTF_8);
      racers.add(
          () -> {
            line.await();
            return store.createExclusive(object, content);
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      judge(object, winners(threads.invokeAll(racers)));
    } finally {
      threads.shutdownNow();
    }
  }

  private void judge(S3Uri object, int winners) throws IOException {
    if (winners != 1) {
      throw new IllegalStateException(
          "espalier.store.endpoint names a store that does not decide exclusive creation: of "
              + RACERS
              + " racing PUTs with If-None-Match, "
              + winners
              + " won; use a store that supports conditional writes");
    }
    byte[] stored = store.read(object, LONGEST).orElse(new byte[0]);
    if (!store.replace(object, stored, "replaced".getBytes(StandardCharsets.UTF_8))) {
      throw new IllegalStateException(
          "espalier.store.endpoint names a store that does not replace an object whose entity tag"
              + " If-Match names; use a store that supports conditional writes");
    }
  }

  private static int winners(List<Future<Boolean>> racers)
      throws IOException, InterruptedException {
    int winners = 0;
    for (Future<Boolean> racer : racers) {
      try {
        winners += racer.get() ? 1 : 0;
      } catch (ExecutionException e) {
        throw new IOException("espalier.store.* does not lead to a usable store", e.getCause());
      }
    }
    return winners;
  }
}
