package dev.espalier.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.worker.publish.Announcer;
import dev.espalier.worker.publish.Announcers;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client library's own simulated producer stands in for the broker. */
class PartitionLaneTest {
  private static final TopicPartition PARTITION = new TopicPartition("model-trained", 0);

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ConsumerGroupMetadata group =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
  private final Announcer announcer = Announcers.create();

  @BeforeEach
  void initialise() {
    producer.initTransactions();
  }

  @Test
  void shouldMoveTheOffsetPastMarkersOfAFormerOwnersTimeAndOnlyOnce() {
    try (PartitionLane lane = new PartitionLane(PARTITION, producer, 7)) {
      lane.settle(announcer, group, 8);
      lane.settle(announcer, group, 8);
      assertThat(offsets()).containsExactly(8L);
    }
  }

  @Test
  void shouldLeaveTheOffsetWhenNothingWasPassed() {
    try (PartitionLane lane = new PartitionLane(PARTITION, producer, 7)) {
      lane.settle(announcer, group, 7);
      lane.settle(announcer, group, -1);
      assertThat(offsets()).isEmpty();
    }
  }

  @Test
  void shouldLeaveTheOffsetWhileARecordWaits() {
    try (PartitionLane lane = new PartitionLane(PARTITION, producer, 7)) {
      lane.add(List.of(Records.at(0, 7, Records.headers(), "{}".getBytes(UTF_8))));
      lane.settle(announcer, group, 9);
      assertThat(offsets()).isEmpty();
    }
  }

  @Test
  void shouldSetNoOffsetWhereTheGroupHasNone() {
    try (PartitionLane lane = new PartitionLane(PARTITION, producer, -1)) {
      lane.settle(announcer, group, 3);
      assertThat(offsets()).isEmpty();
    }
  }

  private List<Long> offsets() {
    return producer.consumerGroupOffsetsHistory().stream()
        .map(of -> of.get(group.groupId()).get(PARTITION).offset())
        .toList();
  }
}
