package dev.espalier.worker.storage;

import dev.espalier.contract.JobId;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Ready while the output bucket answers. */
@Readiness
@Singleton
public class StoreReadiness implements HealthCheck {
  private static final int TIMEOUT_SECONDS = 3;
  private static final JobId NO_JOB = JobId.of("readiness", "readiness");

  private final Instance<Stores> stores;
  private final S3Uri object;
  private @Nullable CompletableFuture<Boolean> question;

  /** Takes the store when it is first asked: checks are made on a thread that must not wait. */
  StoreReadiness(Instance<Stores> stores, ObjectKeys keys) {
    this.stores = stores;
    this.object = keys.announced(NO_JOB);
  }

  @Override
  public synchronized HealthCheckResponse call() {
    // A question still unanswered is not asked again: threads must not pile up on a dead server.
    if (question == null || question.isDone()) {
      question = CompletableFuture.supplyAsync(this::answers);
    }
    boolean up;
    try {
      up = question.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      up = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      up = false;
    }
    return HealthCheckResponse.named("object-store").status(up).build();
  }

  private boolean answers() {
    try {
      stores.get().direct().read(object, 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
