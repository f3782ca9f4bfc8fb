package dev.espalier.worker.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Sha256;
import dev.espalier.local.EmbeddedStore;
import dev.espalier.local.StoreProxy;
import dev.espalier.local.StoreProxy.Moment;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.storage.ObjectStore.Downloaded;
import dev.espalier.worker.telemetry.TestMetrics;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real S3 server behind a network that has bad moments: they are waited out, and decide nothing.
 */
class BadWeatherIT {
  private static final S3Uri OBJECT = new S3Uri("models", "cnn/model.onnx");
  private static final byte[] FIRST = content(1);
  private static final byte[] SECOND = content(2);

  @TempDir private static Path home;
  @TempDir private Path directory;
  private static EmbeddedStore server;
  private static StoreProxy proxy;
  private static Stores stores;
  private static ObjectStore behind;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedStore.start(home);
    proxy = StoreProxy.before(server.endpoint());
    stores = stores(proxy.endpoint());
    behind = stores(server.endpoint()).direct();
  }

  @AfterAll
  static void stop() {
    proxy.close();
    server.close();
  }

  private static Stores stores(String endpoint) {
    return new Stores(
        TestConfig.with(
            "espalier.store.endpoint", endpoint,
            "espalier.store.access-key", server.accessKey(),
            "espalier.store.secret-key", server.secretKey()),
        TestMetrics.create());
  }

  @BeforeEach
  void upload() throws IOException {
    proxy.next(0, Moment.FAIR);
    behind.upload(Files.write(directory.resolve("first"), FIRST), OBJECT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Moment.class,
      names = {"OVERLOADED", "FORBIDDEN", "SKEWED", "BROKEN"})
  void shouldHaveTheWholeObjectWhenBadMomentsAreOver(Moment moment) throws IOException {
    proxy.next(4, moment);

    Downloaded downloaded = stores.patient().download(OBJECT, directory.resolve("model"), 1 << 20);

    assertThat(downloaded).isEqualTo(new Downloaded(FIRST.length, Sha256.of(FIRST)));
    assertThat(directory.resolve("model")).hasBinaryContent(FIRST);
    assertThat(proxy.requests()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void shouldHaveTheWholeObjectWhenItComesInDrops() throws IOException {
    proxy.set(request -> Moment.SLOW);

    Downloaded downloaded = stores.direct().download(OBJECT, directory.resolve("model"), 1 << 20);

    assertThat(downloaded.sha256()).isEqualTo(Sha256.of(FIRST));
  }

  @Test
  void shouldNotMistakeAFaultForAnAnswerWhenTheStoreForbids() throws IOException {
    proxy.next(1, Moment.FORBIDDEN);

    assertThatThrownBy(() -> stores.direct().read(OBJECT, 1 << 20))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileSystemException.class)
        .hasMessageContaining("403");
  }

  @Test
  void shouldNoticeWhenTheObjectIsReplacedBetweenLookAndRead() {
    AtomicInteger looks = new AtomicInteger();
    proxy.set(request -> replaceAfterLook(request, looks, 1));

    assertThatThrownBy(() -> stores.direct().download(OBJECT, directory.resolve("model"), 1 << 20))
        .isInstanceOf(ObjectChangedException.class);
    assertThat(directory.resolve("model")).doesNotExist();
  }

  @Test
  void shouldCreateExactlyOnceWhenTheStoreIsOverloadedInBetween() throws IOException {
    S3Uri once = new S3Uri("models", "once-" + System.nanoTime());
    proxy.next(3, Moment.OVERLOADED);

    assertThat(stores.patient().createExclusive(once, "ours".getBytes(UTF_8))).isTrue();
    assertThat(stores.patient().createExclusive(once, "theirs".getBytes(UTF_8))).isFalse();
    assertThat(behind.read(once, 10)).contains("ours".getBytes(UTF_8));
  }

  @Test
  void shouldBlameThisMachineWhenItsDiskIsFull() throws IOException {
    Path full = Files.createSymbolicLink(directory.resolve("model"), Path.of("/dev/full"));

    assertThatThrownBy(() -> stores.patient().download(OBJECT, full, 1 << 20))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("No space left");
  }

  /** The size was asked for, and before the first byte is, another object stands there. */
  private Moment replaceAfterLook(String request, AtomicInteger looks, int replacements) {
    if (request.startsWith("GET") && looks.incrementAndGet() <= replacements) {
      try {
        behind.upload(Files.write(directory.resolve("second"), SECOND), OBJECT);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return Moment.FAIR;
  }

  private static byte[] content(long seed) {
    byte[] content = new byte[100_000];
    new Random(seed).nextBytes(content);
    return content;
  }
}
