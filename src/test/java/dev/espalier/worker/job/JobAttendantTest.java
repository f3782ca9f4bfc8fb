package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobAttendantTest {
  private static final JobId JOB = Jobs.job().id();
  private static final Successor.Newer NEWER =
      new Successor.Newer("43", new Coordinates("model-trained", 3, 12));

  private final ObjectStore store = new InMemoryObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Cancellation cancellation = new Cancellation(store, store, keys);
  private final JobAttendant attendant = new JobAttendant(store, keys, cancellation);

  @AfterEach
  void close() {
    attendant.close();
  }

  @Test
  void shouldStopWhatIsSupersededAndNameWhatTakesItsPlace() throws IOException {
    RunningJob job = Jobs.running(asked -> Optional.of(NEWER));
    attendant.ask(job);

    Stop stop = job.stop().orElseThrow();
    assertThat(stop.verdict()).isEqualTo(Verdict.SUPERSEDED);
    assertThat(stop.reason().message()).contains("version 43", "model-trained-3, offset 12");
  }

  @Test
  void shouldCallItCancelledWhenItIsBoth() throws IOException {
    cancellation.request(JOB, "ada");
    RunningJob job = Jobs.running(asked -> Optional.of(NEWER));
    attendant.ask(job);

    assertThat(job.stop().orElseThrow().verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void shouldLookAgainWhenLookingFailedAndLeaveTheJobAlone() {
    AtomicInteger looks = new AtomicInteger();
    RunningJob job =
        Jobs.running(
            asked -> {
              if (looks.incrementAndGet() == 1) {
                throw new IOException("503 SlowDown");
              }
              return Optional.empty();
            });
    JobAttendant.Attended attended = attendant.attend(job);
    await().until(() -> store.read(keys.claim(JOB), 16 << 10).isPresent());
    attended.close();

    assertThat(looks).hasValueGreaterThan(1);
    assertThat(job.stop()).isEmpty();
  }

  @Test
  void shouldSayThatTheJobIsFreeWhenItIsGivenUp() throws IOException {
    RunningJob job = Jobs.running();
    Thread.currentThread().interrupt();
    attendant.attend(job).release();

    byte[] claim = store.read(keys.claim(JOB), 16 << 10).orElseThrow();
    assertThat(ContractJson.mapper().readValue(claim, Claim.class).stage())
        .isEqualTo(Claim.RELEASED);
  }
}
