package dev.espalier.worker.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.storage.FaultyObjectStore;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancellationTest {
  private static final JobId JOB = Jobs.job().id();

  private final ObjectStore store = new InMemoryObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Cancellation cancellation = new Cancellation(store, store, keys);

  @Test
  void shouldFindNothingWhenNobodyAsked() throws IOException {
    assertThat(cancellation.requested(JOB)).isEmpty();
  }

  @Test
  void shouldNameWhoAskedFirst() throws IOException {
    assertThat(cancellation.request(JOB, "ada")).isEqualTo(Cancellation.Answer.REQUESTED);
    assertThat(cancellation.request(JOB, "eve")).isEqualTo(Cancellation.Answer.REQUESTED_BEFORE);

    Stop stop = cancellation.requested(JOB).orElseThrow();
    assertThat(stop.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(stop.reason().code()).isEqualTo(ReasonCode.CANCELLED);
    assertThat(stop.reason().message()).startsWith("cancelled by ada at 2");
  }

  @Test
  void shouldAnswerThePersonWhoAsksWhenTheStoreIsAway() {
    FaultyObjectStore away = new FaultyObjectStore();
    away.failNext(Integer.MAX_VALUE, false);
    assertThatThrownBy(() -> new Cancellation(store, away, keys).request(JOB, "ada"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void shouldSayThatItIsTooLateWhenTheJobHasItsResult() throws IOException {
    store.createExclusive(keys.result(JOB), "{\"topic\": \"t\"}".getBytes(UTF_8));

    assertThat(cancellation.request(JOB, "ada")).isEqualTo(Cancellation.Answer.FINISHED);
    assertThat(cancellation.requested(JOB)).isEmpty();
  }

  @Test
  void shouldStillReadTheRequestWhenTheNameIsVeryLong() throws IOException {
    cancellation.request(JOB, "\u20ac".repeat(100_000));
    assertThat(cancellation.requested(JOB).orElseThrow().reason().message())
        .startsWith("cancelled by \u20ac");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "null", "{\"who\": 3}", "{\"who\": \"ada\", \"requested\": 1e99}"})
  void shouldEndTheJobWhateverTheRequestSays(String content) throws IOException {
    store.createExclusive(keys.cancel(JOB), content.getBytes(UTF_8));
    assertThat(cancellation.requested(JOB)).isPresent();
  }

  @Test
  void shouldEndTheJobWhenTheRequestIsTooLargeToRead() throws IOException {
    store.createExclusive(keys.cancel(JOB), new byte[1 << 20]);
    assertThat(cancellation.requested(JOB)).isPresent();
  }
}
