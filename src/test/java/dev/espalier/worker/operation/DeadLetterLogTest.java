package dev.espalier.worker.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.intake.DeadLetters;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterLogTest {
  private static final String SOURCE = "{\"topic\":\"model-trained\",\"partition\":3,\"offset\":9}";
  private static final Coordinates FROM = new Coordinates("model-trained", 3, 9);

  @Test
  void shouldReadALetterWithItsReasonAndItsSource() {
    Letter letter = letter("schema-violation", "{}");
    assertThat(letter.at()).isEqualTo(new Coordinates("dlq", 1, 17));
    assertThat(letter.reason()).isEqualTo("schema-violation");
    assertThat(letter.source()).isEqualTo(FROM);
    assertThat(letter.state()).isEqualTo(Letter.State.WAITING);
  }

  @Test
  void shouldSendNoLetterBackThatHoldsNoRecord() {
    assertThat(letter("schema-violation", null).state()).isEqualTo(Letter.State.ABRIDGED);
  }

  @Test
  void shouldTellNotesFromLettersAndFromWhatIsNeither() {
    ConsumerRecord<byte[], byte[]> note = record(Map.of(DeadLetterLog.REDRIVEN, SOURCE), null);
    assertThat(DeadLetterLog.note(note)).contains(FROM);
    assertThat(DeadLetterLog.letter(note)).isEmpty();
    // What was sent back and failed again: a letter of its own, and no note about another.
    ConsumerRecord<byte[], byte[]> again =
        record(
            Map.of(DeadLetterLog.REDRIVEN, SOURCE, DeadLetters.REASON_CODE, "schema-violation"),
            "{}");
    assertThat(DeadLetterLog.note(again)).isEmpty();
    assertThat(DeadLetterLog.letter(again)).isPresent();
    ConsumerRecord<byte[], byte[]> foreign = record(Map.of("ce_id", "1"), "{}");
    assertThat(DeadLetterLog.note(foreign)).isEmpty();
    assertThat(DeadLetterLog.letter(foreign)).isEmpty();
    assertThat(DeadLetterLog.note(record(Map.of(DeadLetterLog.REDRIVEN, "{"), null))).isEmpty();
  }

  @Test
  void shouldSelectByEveryPartThatIsGiven() {
    Letter letter = letter("schema-violation", "{}");
    Instant then = letter.time();
    assertThat(new Selection(Set.of(), null, null, null, 1).includes(letter)).isTrue();
    assertThat(new Selection(Set.of(ReasonCode.SCHEMA_VIOLATION), 1, 17L, then, 1).includes(letter))
        .isTrue();
    assertThat(new Selection(Set.of(ReasonCode.NOT_A_CLOUDEVENT), null, null, null, 1))
        .matches(selection -> !selection.includes(letter));
    assertThat(new Selection(Set.of(), 0, null, null, 1).includes(letter)).isFalse();
    assertThat(new Selection(Set.of(), 1, 18L, null, 1).includes(letter)).isFalse();
    assertThat(new Selection(Set.of(), null, null, then.plusMillis(1), 1).includes(letter))
        .isFalse();
  }

  private static Letter letter(String reason, String value) {
    return DeadLetterLog.letter(
            record(Map.of(DeadLetters.REASON_CODE, reason, DeadLetters.SOURCE, SOURCE), value))
        .orElseThrow();
  }

  private static ConsumerRecord<byte[], byte[]> record(Map<String, String> headers, String value) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
    return new ConsumerRecord<>(
        "dlq",
        1,
        17,
        1_764_000_000_000L,
        TimestampType.CREATE_TIME,
        0,
        0,
        null,
        value == null ? null : value.getBytes(UTF_8),
        all,
        Optional.empty());
  }
}
