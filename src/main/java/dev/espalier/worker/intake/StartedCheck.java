package dev.espalier.worker.intake;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started once the store has passed its probe and the consumer has joined its group. */
@Startup
@Singleton
public class StartedCheck implements HealthCheck {
  private final PollProgress progress;
  private volatile boolean started;

  StartedCheck(PollProgress progress) {
    this.progress = progress;
  }

  @Override
  public HealthCheckResponse call() {
    started = started || progress.isMember();
    return HealthCheckResponse.named("group-member").status(started).build();
  }
}
