package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.publish.Marks;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private static final JobId JOB = JobId.of("/training/cluster-a", "event-1");

  private final ObjectStore store = new InMemoryObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Admission admission = new Admission(store, keys, Marks.in(store, keys));

  @Test
  void shouldAdmitAndLeaveDigestAndCoordinatesWhenEventIsNew() throws IOException {
    assertThat(decide(0, 7, Records.DATA))
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            admitted -> {
              assertThat(admitted.job().id()).isEqualTo(JOB);
              assertThat(admitted.firstHere()).isTrue();
              assertThat(admitted.again()).isFalse();
            });
    assertThat(new String(store.read(keys.admitted(JOB), 10_000).orElseThrow(), UTF_8))
        .contains("\"payload\"", "\"offset\":7", "\"partition\":0");
  }

  @Test
  void shouldAdmitAgainWhenSameRecordIsRedelivered() throws IOException {
    decide(0, 7, Records.DATA);
    assertThat(decide(0, 7, Records.DATA))
        .isInstanceOfSatisfying(
            Admission.Admitted.class,
            admitted -> {
              assertThat(admitted.firstHere()).isTrue();
              assertThat(admitted.again()).isTrue();
            });
  }

  @Test
  void shouldAcknowledgeWhenCopyIsBehindInSamePartition() throws IOException {
    decide(0, 7, Records.DATA);
    assertThat(decide(0, 8, Records.DATA)).isEqualTo(new Admission.Duplicate(JOB));
  }

  @Test
  void shouldAnswerCopyElsewhereWhenResultIsNotKnownToBeVisible() throws IOException {
    decide(0, 7, Records.DATA);
    assertThat(decide(1, 3, Records.DATA))
        .isInstanceOfSatisfying(
            Admission.Admitted.class, admitted -> assertThat(admitted.firstHere()).isFalse());
    // The same for a topic that was made anew and starts at lower offsets.
    assertThat(decide(0, 2, Records.DATA)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void shouldAcknowledgeCopyElsewhereWhenResultIsVisible() throws IOException {
    decide(0, 7, Records.DATA);
    store.createExclusive(keys.announced(JOB), new byte[0]);
    assertThat(decide(1, 3, Records.DATA)).isEqualTo(new Admission.Duplicate(JOB));
  }

  @Test
  void shouldDeadLetterWhenIdComesWithAnotherPayload() throws IOException {
    decide(0, 7, Records.DATA);
    assertDeadLetter(
        decide(0, 8, Records.DATA.replace("42", "43")), ReasonCode.CONFLICTING_DUPLICATE);
  }

  @Test
  void shouldDeadLetterWithoutTraceInStoreWhenValueIsNoEvent() throws IOException {
    assertDeadLetter(decide(0, 7, "{"), ReasonCode.NOT_A_CLOUDEVENT);
    assertThat(store.read(keys.admitted(JOB), 10_000)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"model\": {\"name\": \"cnn\", \"version\": \"1\", \"uri\": \"s3://models/m\"},"
            + " \"data\": {\"validation\": {\"uri\": \"s3://datasets/v\"}}, \"extra\": 1}",
        "{\"model\": {\"name\": \"a\\nb\", \"version\": \"1\", \"uri\": \"s3://models/m\"},"
            + " \"data\": {\"validation\": {\"uri\": \"s3://datasets/v\"}}}",
        "{\"model\": {\"name\": \"cnn\", \"version\": \"1\", \"uri\": \"s3://a@models/m\"},"
            + " \"data\": {\"validation\": {\"uri\": \"s3://datasets/v\"}}}",
        "{\"model\": {\"name\": \"cnn\", \"version\": \"1\", \"uri\": \"s3://models/../m\"},"
            + " \"data\": {\"validation\": {\"uri\": \"s3://datasets/v\"}}}",
        "{\"model\": {\"name\": \"cnn\", \"version\": \"1\", \"uri\": \"s3://models/m\"},"
            + " \"data\": {\"validation\": {\"uri\": \"s3://datasets/v\"}},"
            + " \"policy\": {\"name\": \"p\", \"target\": {\"sparsity\": 1.5}}}"
      })
  void shouldDeadLetterWhenDataBreakTheSchema(String data) throws IOException {
    assertDeadLetter(decide(0, 7, data), ReasonCode.SCHEMA_VIOLATION);
  }

  @Test
  void shouldAdmitWhenOnlyPolicyOrBucketIsUnknown() throws IOException {
    String data =
        Records.DATA
            .replace("s3://models", "s3://elsewhere")
            .replaceFirst("\\{", "{\"policy\": \"no-such-policy\", ");
    assertThat(decide(0, 7, data)).isInstanceOf(Admission.Admitted.class);
  }

  private Admission.Decision decide(int partition, long offset, String data) throws IOException {
    return admission.decide(Records.at(partition, offset, Records.headers(), data.getBytes(UTF_8)));
  }

  private static void assertDeadLetter(Admission.Decision decision, ReasonCode code) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Admission.DeadLettered.class, dead -> assertThat(dead.reason().code()).isEqualTo(code));
  }
}
