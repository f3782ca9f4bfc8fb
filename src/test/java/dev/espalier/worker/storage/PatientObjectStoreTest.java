package dev.espalier.worker.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatientObjectStoreTest {
  private static final S3Uri OBJECT = new S3Uri("espalier", "object");
  private static final byte[] OURS = "ours".getBytes(UTF_8);

  private final FaultyObjectStore faulty = new FaultyObjectStore();
  private final ObjectStore patient =
      new PatientObjectStore(faulty, Duration.ofMillis(1), Duration.ofMillis(2));

  @Test
  void shouldComeThroughWhenFaultsEnd() throws IOException {
    faulty.failNext(5, false);
    assertThat(patient.createExclusive(OBJECT, OURS)).isTrue();
    faulty.failNext(5, false);
    assertThat(patient.read(OBJECT, 10)).contains(OURS);
  }

  @Test
  void shouldKnowItWonWhenAnswerToItsCreationWasLost() throws IOException {
    faulty.failNext(1, true);
    assertThat(patient.createExclusive(OBJECT, OURS)).isTrue();
  }

  @Test
  void shouldKnowItLostWhenFaultHidThatAnotherWasFirst() throws IOException {
    faulty.createExclusive(OBJECT, "theirs, and longer".getBytes(UTF_8));
    faulty.failNext(1, true);
    assertThat(patient.createExclusive(OBJECT, OURS)).isFalse();
  }

  @Test
  void shouldKnowThatItReplacedWhenTheAnswerWasLost() throws IOException {
    faulty.createExclusive(OBJECT, "before".getBytes(UTF_8));
    faulty.failNext(1, true);
    assertThat(patient.replace(OBJECT, "before".getBytes(UTF_8), OURS)).isTrue();
    faulty.failNext(1, false);
    assertThat(patient.replace(OBJECT, "before".getBytes(UTF_8), "later".getBytes(UTF_8)))
        .isFalse();
  }

  @Test
  void shouldPassAnswersOnAtOnce(@TempDir Path directory) {
    assertThatThrownBy(() -> patient.download(OBJECT, directory.resolve("x"), 10))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void shouldGiveUpWhenInterrupted() {
    faulty.failNext(Integer.MAX_VALUE, false);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> patient.read(OBJECT, 10)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
