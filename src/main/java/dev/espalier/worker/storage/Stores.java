package dev.espalier.worker.storage;

import dev.espalier.worker.config.Secrets;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.telemetry.WorkerMetrics;
import io.minio.MinioClient;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The store as the worker uses it, and as its checks do. */
@Singleton
public class Stores {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final ObjectStore direct;

  Stores(WorkerConfig config, WorkerMetrics metrics) {
    WorkerConfig.Store store = config.store();
    MinioClient client =
        MinioClient.builder()
            .endpoint(store.endpoint().toString())
            .region(store.region())
            .credentials(
                Secrets.resolve(store.accessKey(), store.accessKeyFile()),
                Secrets.resolve(store.secretKey(), store.secretKeyFile()))
            .build();
    client.setTimeout(TIMEOUT.toMillis(), TIMEOUT.toMillis(), TIMEOUT.toMillis());
    this.direct = new MinioObjectStore(client, metrics);
  }

  /** Waits faults out; what jobs use. */
  @Produces
  @Singleton
  ObjectStore patient() {
    return new PatientObjectStore(direct, FIRST_PAUSE, LONGEST_PAUSE);
  }

  /** Fails on the first fault; what checks and pages use. */
  public ObjectStore direct() {
    return direct;
  }
}
