package dev.espalier.worker.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ObjectStore} promises, tried on every implementation. */
abstract class ObjectStoreContract {
  private static final int RACERS = 16;
  private static final int RACES = 10;

  @TempDir Path directory;

  /** The implementation; it has a bucket {@code espalier} and not one called {@code nowhere}. */
  abstract ObjectStore store();

  @Test
  void shouldLetExactlyOneWinWhenManyCreateTheSameObject() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      for (int race = 0; race < RACES; race++) {
        S3Uri object = fresh("race");
        CyclicBarrier line = new CyclicBarrier(RACERS);
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
          byte[] content = ("racer " + i).getBytes(UTF_8);
          racers.add(
              () -> {
                line.await();
                return decidedly(() -> store().createExclusive(object, content));
              });
        }
        List<Integer> winners = new ArrayList<>();
        List<Future<Boolean>> finished = threads.invokeAll(racers);
        for (int i = 0; i < RACERS; i++) {
          if (finished.get(i).get()) {
            winners.add(i);
          }
        }
        assertThat(winners).hasSize(1);
        assertThat(store().read(object, 100)).contains(("racer " + winners.get(0)).getBytes(UTF_8));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldKeepFirstContentWhenCreatedTwice() throws IOException {
    S3Uri object = fresh("twice");
    assertThat(store().createExclusive(object, bytes("first"))).isTrue();
    assertThat(store().createExclusive(object, bytes("second"))).isFalse();
    assertThat(store().read(object, 100)).contains(bytes("first"));
  }

  @Test
  void shouldReplaceOnlyWhatIsAsExpected() throws IOException {
    S3Uri object = fresh("replaced");
    assertThat(store().replace(object, bytes("first"), bytes("second"))).isFalse();
    assertThat(store().read(object, 100)).isEmpty();
    store().createExclusive(object, bytes("first"));
    assertThat(store().replace(object, bytes("other"), bytes("second"))).isFalse();
    assertThat(store().replace(object, bytes("first"), bytes("second"))).isTrue();
    assertThat(store().replace(object, bytes("first"), bytes("third"))).isFalse();
    assertThat(store().read(object, 100)).contains(bytes("second"));
  }

  @Test
  void shouldCreateEmptyObject() throws IOException {
    S3Uri object = fresh("empty");
    assertThat(store().createExclusive(object, new byte[0])).isTrue();
    assertThat(store().read(object, 1)).contains(new byte[0]);
  }

  @Test
  void shouldBeEmptyWhenObjectIsMissing() throws IOException {
    assertThat(store().read(fresh("missing"), 100)).isEmpty();
  }

  @Test
  void shouldRefuseToReadWhenObjectIsLarger() throws IOException {
    S3Uri object = fresh("large");
    store().createExclusive(object, bytes("12345"));
    assertThatThrownBy(() -> store().read(object, 4)).isInstanceOf(ObjectTooLargeException.class);
    assertThat(store().read(object, 5)).contains(bytes("12345"));
  }

  @Test
  void shouldHashWhatItWritesWhenDownloading() throws IOException {
    S3Uri object = fresh("download");
    Path source = Files.write(directory.resolve("source"), new byte[300_000]);
    store().upload(source, object);
    Path target = directory.resolve("target");
    ObjectStore.Downloaded downloaded = store().download(object, target, 300_000);
    assertThat(downloaded)
        .isEqualTo(new ObjectStore.Downloaded(300_000, Sha256.of(new byte[300_000])));
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void shouldWriteNothingWhenDownloadIsTooLarge() throws IOException {
    S3Uri object = fresh("download");
    store().createExclusive(object, bytes("12345"));
    Path target = directory.resolve("too-large");
    assertThatThrownBy(() -> store().download(object, target, 4))
        .isInstanceOf(ObjectTooLargeException.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void shouldSayNoSuchFileWhenObjectOrBucketIsMissing() {
    Path target = directory.resolve("nothing");
    S3Uri object = fresh("missing");
    assertThatThrownBy(() -> store().download(object, target, 10))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo(object.toString()));
    assertThatThrownBy(() -> store().download(new S3Uri("nowhere", "x"), target, 10))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldReplaceWholeObjectWhenUploadedAgain() throws IOException {
    S3Uri object = fresh("again");
    store().upload(Files.writeString(directory.resolve("long"), "a longer content"), object);
    store().upload(Files.writeString(directory.resolve("short"), "short"), object);
    assertThat(store().read(object, 100)).contains(bytes("short"));
  }

  @Test
  void shouldListWhatStartsWithPrefixAndNothingElse() throws IOException {
    String root = "list/" + UUID.randomUUID();
    List<S3Uri> inside =
        List.of(new S3Uri("espalier", root + "/a/1"), new S3Uri("espalier", root + "/a/b/2"));
    for (S3Uri object : inside) {
      store().createExclusive(object, bytes("x"));
    }
    store().createExclusive(new S3Uri("espalier", root + "/c/3"), bytes("x"));
    S3Uri prefix = new S3Uri("espalier", root + "/a/");
    assertThat(store().list(prefix, 10)).containsExactlyInAnyOrderElementsOf(inside);
    assertThat(store().list(prefix, 1)).hasSize(1);
    assertThat(store().list(new S3Uri("espalier", root + "/z/"), 10))
        .isEqualTo(Collections.emptyList());
  }

  /** A server may ask to repeat a write that raced another (409): that is no answer yet. */
  private static boolean decidedly(Callable<Boolean> write) throws Exception {
    IOException last = null;
    for (int attempt = 0; attempt < 10; attempt++) {
      try {
        return write.call();
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private static S3Uri fresh(String name) {
    return new S3Uri("espalier", "contract/" + name + "-" + UUID.randomUUID());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
