package dev.espalier.isolation;

import dev.espalier.contract.Progress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * When an engine was last seen to move. A heartbeat whose count of work stands still comes from a
 * live thread beside a hung computation: it is passed on, but is no sign of life.
 */
final class LifeSigns {
  private final Consumer<Progress> listener;
  private volatile long lastNanos = System.nanoTime();
  private long lastWork = -1;

  LifeSigns(Consumer<Progress> listener) {
    this.listener = listener;
  }

  /** Called on the one thread that reads progress. */
  void accept(Progress progress) {
    if (progress instanceof Progress.Heartbeat heartbeat) {
      if (heartbeat.work() != lastWork) {
        lastWork = heartbeat.work();
        lastNanos = System.nanoTime();
      }
    } else {
      lastNanos = System.nanoTime();
    }
    listener.accept(progress);
  }

  /** Time since the engine moved, or since it was started. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastNanos);
  }
}
