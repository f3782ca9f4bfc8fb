package dev.espalier.worker.storage;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Proves, before the first record is taken, that the store decides exclusive creation: several
 * callers race for one new object and exactly one must win. A store that ignores the condition
 * would let two workers announce different results.
 */
@Singleton
public class ExclusiveCreationProbe {
  static final int RACERS = 8;

  private final ObjectStore store;
  private final ObjectKeys keys;

  @Inject
  ExclusiveCreationProbe(Stores stores, ObjectKeys keys) {
    this(stores.direct(), keys);
  }

  ExclusiveCreationProbe(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * Runs the race; leaves one object of a few bytes below {@code probes/}.
   *
   * @throws IOException when the store cannot be used at all
   * @throws IllegalStateException when it does not let exactly one caller win
   */
  public void run() throws IOException, InterruptedException {
    S3Uri object = keys.probe(UUID.randomUUID().toString());
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
      judge(threads.invokeAll(racers));
    } finally {
      threads.shutdownNow();
    }
  }

  private static void judge(List<Future<Boolean>> racers) throws IOException, InterruptedException {
    int winners = 0;
    for (Future<Boolean> racer : racers) {
      try {
        winners += racer.get() ? 1 : 0;
      } catch (ExecutionException e) {
        throw new IOException("espalier.store.* does not lead to a usable store", e.getCause());
      }
    }
    if (winners != 1) {
      throw new IllegalStateException(
          "espalier.store.endpoint names a store that does not decide exclusive creation: of "
              + RACERS
              + " racing PUTs with If-None-Match, "
              + winners
              + " won; use a store that supports conditional writes");
    }
  }
}
