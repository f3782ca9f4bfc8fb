package dev.espalier.worker.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExclusiveCreationProbeTest {
  private static final ObjectKeys KEYS = new ObjectKeys("espalier", "");

  @Test
  void shouldPassWhenOneWins() {
    assertThatCode(new ExclusiveCreationProbe(new InMemoryObjectStore(), KEYS, Duration.ZERO)::run)
        .doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseStartWhenStoreIgnoresCondition() {
    assertThatThrownBy(new ExclusiveCreationProbe(answering(e -> true), KEYS, Duration.ZERO)::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("espalier.store.endpoint")
        .hasMessageContaining(ExclusiveCreationProbe.RACERS + " won");
  }

  @Test
  void shouldRefuseStartWhenNobodyWins() {
    assertThatThrownBy(new ExclusiveCreationProbe(answering(e -> false), KEYS, Duration.ZERO)::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("0 won");
  }

  @Test
  void shouldRefuseStartWhenNothingCanBeReplaced() {
    AtomicBoolean taken = new AtomicBoolean();
    ObjectStore store = answering(expected -> expected == null && taken.compareAndSet(false, true));
    assertThatThrownBy(new ExclusiveCreationProbe(store, KEYS, Duration.ZERO)::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("espalier.store.endpoint")
        .hasMessageContaining("If-Match");
  }

  private static ObjectStore answering(Predicate<byte @Nullable []> condition) {
    ObjectStore store = new InMemoryObjectStore();
    return new ObjectStore() {
      @Override
      public boolean replace(S3Uri at, byte @Nullable [] expected, byte[] content) {
        return condition.test(expected);
      }

      @Override
      public void upload(Path file, S3Uri to) throws IOException {
        store.upload(file, to);
      }

      @Override
      public Optional<byte[]> read(S3Uri from, int maxBytes) throws IOException {
        return store.read(from, maxBytes);
      }

      @Override
      public Downloaded download(S3Uri from, Path to, long maxBytes) throws IOException {
        return store.download(from, to, maxBytes);
      }

      @Override
      public List<S3Uri> list(S3Uri prefix, int limit) throws IOException {
        return store.list(prefix, limit);
      }
    };
  }
}
