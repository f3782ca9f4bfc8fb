package dev.espalier.worker.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.local.EmbeddedStore;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.telemetry.TestMetrics;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and the start-up probe, on a real S3 server. */
class MinioObjectStoreIT extends ObjectStoreContract {
  @TempDir private static Path home;
  private static EmbeddedStore server;
  private static Stores stores;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedStore.start(home);
    stores = stores(server.secretKey());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Stores stores(String secretKey) {
    return new Stores(
        TestConfig.with(
            "espalier.store.endpoint", server.endpoint(),
            "espalier.store.access-key", server.accessKey(),
            "espalier.store.secret-key", secretKey),
        TestMetrics.create());
  }

  @Override
  ObjectStore store() {
    return stores.direct();
  }

  @Test
  void shouldPassProbeWhenStoreDecidesExclusiveCreation() {
    ExclusiveCreationProbe probe =
        new ExclusiveCreationProbe(stores.direct(), new ObjectKeys("espalier", ""), Duration.ZERO);
    assertThatCode(probe::run).doesNotThrowAnyException();
  }

  @Test
  void shouldReportFaultAndNotAnswerWhenSecretIsWrong() {
    ObjectStore stranger = stores("wrong-secret").direct();
    S3Uri object = new S3Uri("espalier", "forbidden");
    assertThatThrownBy(() -> stranger.createExclusive(object, "x".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileSystemException.class)
        .hasMessageContaining("403");
    assertThatThrownBy(() -> stranger.download(object, directory.resolve("x"), 10))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileSystemException.class);
  }

  @Test
  void shouldStayReadableThroughPatientStoreWhenServerWasPaused() throws Exception {
    S3Uri object = new S3Uri("espalier", "paused");
    server.pause();
    Thread waker =
        new Thread(
            () -> {
              try {
                server.resume();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    waker.start();
    assertThat(stores.patient().createExclusive(object, "x".getBytes(UTF_8))).isTrue();
    waker.join();
    assertThat(stores.patient().read(object, 10)).contains("x".getBytes(UTF_8));
  }
}
