package dev.espalier.worker.intake;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive while the poll thread comes by. How long a job takes, or whether broker and store are
 * there, has no part in it: a restart would help neither.
 */
@Liveness
@Singleton
public class PollLiveness implements HealthCheck {
  /** Far above the longest turn: a few blocking producer calls of 10 s. */
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final PollProgress progress;

  PollLiveness(PollProgress progress) {
    this.progress = progress;
  }

  @Override
  public HealthCheckResponse call() {
    Duration silent = progress.sinceTurn();
    return HealthCheckResponse.named("poll-loop")
        .status(silent.compareTo(BOUND) < 0)
        .withData("secondsSinceTurn", silent.toSeconds())
        .build();
  }
}
