package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.publish.Disposition;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final Reason REASON = new Reason(ReasonCode.NOT_A_CLOUDEVENT, "no value");

  private final DeadLetters deadLetters =
      new DeadLetters(TestConfig.with("espalier.topics.dead-letters", "dlq"));

  @Test
  void shouldKeepBytesAndHeadersAndAddReason() {
    ConsumerRecord<byte[], byte[]> record =
        Records.at(3, 9, Records.headers(), new byte[] {0, (byte) 0xff});
    Disposition.DeadLetter letter = deadLetters.of(record, REASON);
    assertThat(letter.record().topic()).isEqualTo("dlq");
    assertThat(letter.record().value()).isEqualTo(record.value());
    assertThat(header(letter.record(), "ce_id")).isEqualTo("event-1");
    assertThat(header(letter.record(), DeadLetters.REASON_CODE)).isEqualTo("not-a-cloudevent");
    assertThat(header(letter.record(), DeadLetters.REASON)).isEqualTo("no value");
    assertThat(header(letter.record(), DeadLetters.SOURCE))
        .isEqualTo("{\"topic\":\"model-trained\",\"partition\":3,\"offset\":9}");
  }

  @Test
  void shouldKeepTombstoneWhenRecordHasNoValue() {
    Disposition.DeadLetter letter = deadLetters.of(Records.record(Records.headers(), null), REASON);
    assertThat(letter.record().value()).isNull();
    assertThat(letter.record().key()).isNull();
  }

  @Test
  void shouldHoldReasonAndCoordinatesAloneWhenShortened() {
    ConsumerRecord<byte[], byte[]> record = Records.record(Records.headers(), "x".repeat(100));
    ProducerRecord<byte[], byte[]> abridged = deadLetters.of(record, REASON).shortened().record();
    assertThat(abridged.value()).isNull();
    assertThat(abridged.headers()).hasSize(3);
  }

  @Test
  void shouldGiveHeadersBackAsTheyCameEvenThoseThatLookLikeOurs() {
    Map<String, String> forged = Records.headersWith(DeadLetters.REASON_CODE, "forged");
    ConsumerRecord<byte[], byte[]> record = Records.record(forged, "x");
    Disposition.DeadLetter letter = deadLetters.of(record, REASON);
    assertThat(DeadLetters.original(letter.record().headers()))
        .containsExactlyElementsOf(record.headers());
    assertThat(DeadLetters.original(record.headers())).hasSize(forged.size() - 1);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
