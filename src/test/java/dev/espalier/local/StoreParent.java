package dev.espalier.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A JVM for {@link EmbeddedStackIT} to kill: starts two stores below its argument, pauses the
 * second, prints both endpoints on one line and waits.
 */
final class StoreParent {
  private StoreParent() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (EmbeddedStore running = EmbeddedStore.start(directory.resolve("running"));
        EmbeddedStore paused = EmbeddedStore.start(directory.resolve("paused"))) {
      paused.pause();
      System.out.println(running.endpoint() + " " + paused.endpoint());
      new CountDownLatch(1).await();
    }
  }
}
