package dev.espalier.worker.intake;

import jakarta.inject.Singleton;
import java.time.Duration;

/** Signs of life of the poll thread, for the health checks. */
@Singleton
class PollProgress {
  private volatile long lastTurn = System.nanoTime();
  private volatile boolean joined;

  /** The poll thread came by. */
  void turned() {
    lastTurn = System.nanoTime();
  }

  /** The group has told the consumer what it owns, be it nothing. */
  void joined() {
    joined = true;
    turned();
  }

  /** The consumer was given up; the next one has to join again. */
  void left() {
    joined = false;
  }

  /** Whether the consumer is a member of its group. */
  boolean isMember() {
    return joined;
  }

  /** Time since the poll thread last came by. */
  Duration sinceTurn() {
    return Duration.ofNanos(System.nanoTime() - lastTurn);
  }
}
