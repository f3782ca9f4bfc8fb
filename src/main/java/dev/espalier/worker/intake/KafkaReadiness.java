package dev.espalier.worker.intake;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Ready while the consumer is a member of its group and a broker answers. */
@Readiness
@Singleton
public class KafkaReadiness implements HealthCheck {
  private static final int TIMEOUT_SECONDS = 3;

  private final KafkaClients clients;
  private final PollProgress progress;
  private @Nullable Admin admin;

  KafkaReadiness(KafkaClients clients, PollProgress progress) {
    this.clients = clients;
    this.progress = progress;
  }

  @Override
  public synchronized HealthCheckResponse call() {
    return HealthCheckResponse.named("kafka").status(progress.isMember() && answers()).build();
  }

  private boolean answers() {
    try {
      if (admin == null) {
        admin = clients.admin();
      }
      return !admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
