package dev.espalier.worker.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.worker.intake.DeadLetters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client library's own simulated producer stands in for the broker. */
class RedriveTest {
  private static final Redrive.Input INPUT = new Redrive.Input("model-trained", 3);

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

  @BeforeEach
  void initialise() {
    producer.initTransactions();
  }

  @Test
  void shouldSendInOneTransactionNoMoreThanFitsIntoAFewMegabytes() throws IOException {
    for (int i = 0; i < 20; i++) {
      letter(1 << 20);
    }
    assertThat(execute(1_000)).hasSize(20);
    assertThat(producer.commitCount()).isEqualTo(3);
    assertThat(producer.history()).hasSize(40);
  }

  @Test
  void shouldSendManySmallLettersAHundredAtATime() throws IOException {
    for (int i = 0; i < 250; i++) {
      letter(2);
    }
    execute(1_000);
    assertThat(producer.commitCount()).isEqualTo(3);
  }

  @Test
  void shouldStopAtTheLimitAndNotCountWhatWasSentBefore() throws IOException {
    for (int i = 0; i < 5; i++) {
      letter(2);
    }
    // Notes lie behind their letters, behind others that wait as well.
    note(0);
    note(2);
    assertThat(execute(2)).extracting(letter -> letter.at().offset()).containsExactly(1L, 3L);
    assertThat(producer.commitCount()).isEqualTo(1);
  }

  @Test
  void shouldWriteNotesThatTakeNoLetterAwayFromACompactedTopic() throws IOException {
    letter(2);
    execute(10);
    ProducerRecord<byte[], byte[]> back = producer.history().get(0);
    ProducerRecord<byte[], byte[]> note = producer.history().get(1);
    assertThat(back.topic()).isEqualTo("model-trained");
    assertThat(back.key()).isEqualTo("cnn".getBytes(UTF_8));
    assertThat(note.topic()).isEqualTo("dlq");
    assertThat(note.partition()).isEqualTo(1);
    assertThat(note.key()).isNull();
    assertThat(note.value()).isNull();
  }

  private List<Letter> execute(int limit) throws IOException {
    Selection all = new Selection(Set.of(), null, null, null, limit);
    return Redrive.execute(this::read, all, producer, INPUT);
  }

  private void read(DeadLetterLog.Visitor visitor) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : log) {
      visitor.visit(record);
    }
  }

  private void letter(int bytes) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("dlq", 1, log.size(), "cnn".getBytes(UTF_8), new byte[bytes]);
    record.headers().add(DeadLetters.REASON_CODE, "schema-violation".getBytes(UTF_8));
    log.add(record);
  }

  private void note(long offset) throws IOException {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("dlq", 1, log.size(), null, null);
    byte[] at = ContractJson.mapper().writeValueAsBytes(new Coordinates("dlq", 1, offset));
    record.headers().add(DeadLetterLog.REDRIVEN, at);
    log.add(record);
  }
}
