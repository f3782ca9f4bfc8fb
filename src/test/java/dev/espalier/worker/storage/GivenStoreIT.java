package dev.espalier.worker.storage;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.telemetry.TestMetrics;
import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The contract, and the start-up probe, on a server of one's own: {@code ./mvnw verify
 * -Dit.test=GivenStoreIT -Dtest.store.endpoint=http://host:port}, with {@code
 * test.store.access-key} and {@code test.store.secret-key}. Leaves small objects in its bucket
 * {@code espalier}.
 */
@EnabledIfSystemProperty(
    named = GivenStoreIT.ENDPOINT,
    matches = ".+",
    disabledReason = "-D" + GivenStoreIT.ENDPOINT + " names no server")
class GivenStoreIT extends ObjectStoreContract {
  static final String ENDPOINT = "test.store.endpoint";

  private static Stores stores;

  @BeforeAll
  static void connect() throws Exception {
    String endpoint = System.getProperty(ENDPOINT);
    String accessKey = System.getProperty("test.store.access-key");
    String secretKey = System.getProperty("test.store.secret-key");
    MinioClient client =
        MinioClient.builder().endpoint(endpoint).credentials(accessKey, secretKey).build();
    if (!client.bucketExists(BucketExistsArgs.builder().bucket("espalier").build())) {
      client.makeBucket(MakeBucketArgs.builder().bucket("espalier").build());
    }
    stores =
        new Stores(
            TestConfig.with(
                "espalier.store.endpoint", endpoint,
                "espalier.store.access-key", accessKey,
                "espalier.store.secret-key", secretKey),
            TestMetrics.create());
  }

  @Override
  ObjectStore store() {
    return stores.direct();
  }

  @Test
  void shouldPassProbeWhenWorkersMayUseIt() {
    ExclusiveCreationProbe probe =
        new ExclusiveCreationProbe(stores.direct(), new ObjectKeys("espalier", ""), Duration.ZERO);
    assertThatCode(probe::run).doesNotThrowAnyException();
  }
}
