package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.job.Job;
import dev.espalier.worker.job.Successor;
import dev.espalier.worker.publish.Marks;
import dev.espalier.worker.storage.FaultyObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private final FaultyObjectStore store = new FaultyObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Admission admission = new Admission(store, keys, Marks.in(store, keys));
  private final ConcurrentLinkedDeque<ConsumerRecord<byte[], byte[]>> waiting =
      new ConcurrentLinkedDeque<>();
  private final ConsumerRecord<byte[], byte[]> first = record(7, "cnn", "event-1", "cnn", "42");
  private final Succession succession = new Succession(first, waiting, admission);
  private final Job job;

  SuccessionTest() throws IOException {
    waiting.add(first);
    job = ((Admission.Admitted) admission.decide(first)).job();
  }

  @Test
  void shouldFindNoneWhenNothingWaitsBehind() throws IOException {
    assertThat(succession.newer(job)).isEmpty();
  }

  @Test
  void shouldNameTheLaterEventOfTheSameModelWhenItHasCome() throws IOException {
    assertThat(succession.newer(job)).isEmpty();
    waiting.add(record(8, "mlp", "event-2", "mlp", "7"));
    assertThat(succession.newer(job)).isEmpty();
    waiting.add(record(9, "cnn", "event-3", "cnn", "43"));

    assertThat(succession.newer(job))
        .contains(new Successor.Newer("43", new Coordinates("model-trained", 0, 9)));
  }

  @Test
  void shouldNotTakeWhatCameBeforeForWhatComesAfter() throws IOException {
    waiting.addFirst(record(6, "cnn", "event-0", "cnn", "41"));
    assertThat(succession.newer(job)).isEmpty();
  }

  @Test
  void shouldGiveWayToNothingThatGetsNoResultOfItsOwn() throws IOException {
    // A copy of the event itself is only acknowledged: nobody would be left to answer.
    waiting.add(record(8, "cnn", "event-1", "cnn", "42"));
    // An id that was used for another payload, and one whose answer was given at other coordinates.
    admission.decide(record(1, "cnn", "event-2", "cnn", "1"));
    waiting.add(record(9, "cnn", "event-2", "cnn", "43"));
    admission.decide(record(2, "cnn", "event-3", "cnn", "44"));
    waiting.add(record(10, "cnn", "event-3", "cnn", "44"));
    // What ends as a dead letter.
    waiting.add(new ConsumerRecord<>("model-trained", 0, 11, first.key(), "{".getBytes(UTF_8)));
    // Another key, or another model under the same key.
    waiting.add(record(12, "CNN", "event-4", "cnn", "43"));
    waiting.add(record(13, "cnn", "event-5", "mlp", "43"));

    assertThat(succession.newer(job)).isEmpty();
  }

  @Test
  void shouldStillGiveWayWhenTheLaterEventWasAdmittedByAnOwnerBefore() throws IOException {
    ConsumerRecord<byte[], byte[]> later = record(8, "cnn", "event-2", "cnn", "43");
    admission.decide(later);
    waiting.add(later);
    assertThat(succession.newer(job)).isPresent();
  }

  @Test
  void shouldLeaveNoTraceOfTheLaterEvent() throws IOException {
    ConsumerRecord<byte[], byte[]> later = record(8, "cnn", "event-2", "cnn", "43");
    waiting.add(later);
    succession.newer(job);
    assertThat(((Admission.Admitted) admission.decide(later)).again()).isFalse();
  }

  @Test
  void shouldLookAgainWhenTheStoreFailed() throws IOException {
    waiting.add(record(8, "cnn", "event-2", "cnn", "43"));
    store.failNext(1, false);
    assertThatThrownBy(() -> succession.newer(job)).isInstanceOf(IOException.class);
    assertThat(succession.newer(job)).isPresent();
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, String key, String id, String model, String version) {
    String data = Records.DATA.replace("cnn\"", model + "\"").replace("\"42\"", quoted(version));
    ConsumerRecord<byte[], byte[]> keyless =
        Records.at(0, offset, Records.headersWith("ce_id", id), data.getBytes(UTF_8));
    return new ConsumerRecord<>(
        keyless.topic(),
        0,
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        key.getBytes(UTF_8),
        keyless.value(),
        keyless.headers(),
        Optional.empty());
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
