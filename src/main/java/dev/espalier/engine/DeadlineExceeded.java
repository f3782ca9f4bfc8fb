package dev.espalier.engine;

import java.time.Duration;

/** Thrown where a job finds that its time is over. */
final class DeadlineExceeded extends RuntimeException {
  DeadlineExceeded(Duration longest) {
    super("the job took longer than budget.max-duration, " + longest);
  }
}
