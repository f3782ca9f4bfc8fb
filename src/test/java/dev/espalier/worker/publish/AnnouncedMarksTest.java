package dev.espalier.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobId;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnnouncedMarksTest {
  private static final JobId JOB = JobId.of("/s", "1");
  private static final Duration HOURS = Duration.ofHours(1);

  private final ObjectKeys keys = Keys.in("espalier");
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final AnnouncedMarks marks = new AnnouncedMarks(store, keys);

  @Test
  void shouldWaitForTheMarkThatIsBeingWritten() throws Exception {
    marks.writeLater(JOB);
    assertThat(marks.await(JOB, HOURS)).isTrue();
  }

  @Test
  void shouldStopWaitingWhenNoMarkComes() throws Exception {
    assertThat(marks.await(JOB, Duration.ZERO)).isFalse();
  }

  @Test
  void shouldStopWaitingWhenTheJobIsGivenUp() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> marks.await(JOB, HOURS)).isInstanceOf(InterruptedException.class);
  }
}
