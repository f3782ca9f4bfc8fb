package dev.espalier.worker.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.config.NoFaults;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.telemetry.TestMetrics;
import dev.espalier.worker.telemetry.TestTraces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client library's own simulated producer stands in for the broker. */
class AnnouncerTest {
  private static final TopicPartition PARTITION = new TopicPartition("model-trained", 3);
  private static final Disposition RESULT =
      new Disposition.Result(
          JobId.of("/s", "1"),
          new ResultRecord("model-pruned", "cnn", new TreeMap<>(Map.of("ce_id", "x")), "{}"));

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ConsumerGroupMetadata group =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
  private final MeterRegistry measured = new SimpleMeterRegistry();
  private final TestTraces traces = new TestTraces();
  private final Announcer announcer =
      new Announcer(
          NoFaults.points(),
          new AnnouncedMarks(new InMemoryObjectStore(), Keys.in("espalier")),
          TestMetrics.in(measured),
          traces.traces());

  @BeforeEach
  void initialise() {
    producer.initTransactions();
  }

  @Test
  void shouldSendRecordAndNextOffsetInOneTransaction() {
    assertThat(announce(RESULT)).isTrue();
    assertThat(producer.history())
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.topic()).isEqualTo("model-pruned");
              assertThat(sent.key()).isEqualTo("cnn".getBytes(UTF_8));
              assertThat(sent.headers().lastHeader("ce_id").value()).isEqualTo("x".getBytes(UTF_8));
            });
    assertThat(producer.consumerGroupOffsetsHistory())
        .containsExactly(Map.of(group.groupId(), Map.of(PARTITION, new OffsetAndMetadata(10))));
    assertThat(producer.commitCount()).isEqualTo(1);
  }

  @Test
  void shouldMoveOffsetAloneWhenNothingIsToBeSent() {
    assertThat(announce(new Disposition.Acknowledgement())).isTrue();
    assertThat(producer.history()).isEmpty();
    assertThat(producer.consumerGroupOffsetsHistory()).hasSize(1);
  }

  @Test
  void shouldShowNothingAndTryAgainWhenGroupRebalances() {
    producer.sendOffsetsToTransactionException = new CommitFailedException("stale generation");
    assertThat(announce(RESULT)).isFalse();
    assertThat(producer.history()).isEmpty();
    assertThat(producer.transactionAborted()).isTrue();
    producer.sendOffsetsToTransactionException = null;
    assertThat(announce(RESULT)).isTrue();
    assertThat(producer.history()).hasSize(1);
  }

  @Test
  void shouldEndSessionWhenFenced() {
    producer.commitTransactionException = new ProducerFencedException("newer owner");
    assertThatThrownBy(() -> announce(RESULT)).isInstanceOf(ProducerFencedException.class);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldAbortAndSaySoWhenTopicDoesNotTakeRecord() {
    ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>("dlq", null, new byte[9]);
    producer.commitTransactionException =
        new KafkaException("error state", new RecordTooLargeException("1 MiB"));
    assertThatThrownBy(
            () -> announce(new Disposition.DeadLetter(ReasonCode.NOT_A_CLOUDEVENT, letter, letter)))
        .isInstanceOf(RecordTooLargeException.class);
    assertThat(producer.transactionAborted()).isTrue();
  }

  @Test
  void shouldMoveTheOffsetPastWhatIsNoRecordWithoutATraceOrAMeasure() {
    assertThat(announcer.settle(producer, group, PARTITION, 12)).isTrue();

    assertThat(producer.history()).isEmpty();
    assertThat(producer.consumerGroupOffsetsHistory())
        .containsExactly(Map.of(group.groupId(), Map.of(PARTITION, new OffsetAndMetadata(12))));
    assertThat(traces.spans()).isEmpty();
    assertThat(measured.find("espalier.stage.duration").timers())
        .allSatisfy(timer -> assertThat(timer.count()).isZero());
  }

  @Test
  void shouldSettleNothingAndTryAgainWhenGroupRebalances() {
    producer.sendOffsetsToTransactionException = new CommitFailedException("stale generation");
    assertThat(announcer.settle(producer, group, PARTITION, 12)).isFalse();
    assertThat(producer.transactionAborted()).isTrue();
    assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
  }

  private boolean announce(Disposition disposition) {
    return announcer.announce(producer, group, PARTITION, 9, disposition);
  }
}
