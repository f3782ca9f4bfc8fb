package dev.espalier.worker.intake;

import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.publish.Announcer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A consumer's life, from joining the group to the first error it cannot go on from. What it was
 * doing then starts over, from the committed offsets, in the next session. Used by the poll thread
 * only.
 */
final class ConsumerSession implements ConsumerRebalanceListener, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ConsumerSession.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final KafkaClients clients;
  private final Announcer announcer;
  private final RecordHandler handler;
  private final ExecutorService slots;
  private final PollProgress progress;
  private final ReadAhead ahead;

  /** In the order in which they get slots. */
  private final Map<TopicPartition, PartitionLane> lanes = new LinkedHashMap<>();

  ConsumerSession(
      Consumer<byte[], byte[]> consumer,
      KafkaClients clients,
      Announcer announcer,
      RecordHandler handler,
      ExecutorService slots,
      PollProgress progress,
      ReadAhead ahead) {
    this.consumer = consumer;
    this.clients = clients;
    this.announcer = announcer;
    this.handler = handler;
    this.slots = slots;
    this.progress = progress;
    this.ahead = ahead;
  }

  /** Joins the group. */
  void subscribe(String topic) {
    consumer.subscribe(List.of(topic), this);
  }

  /**
   * One turn: poll, announce what is done, start what may start.
   *
   * @throws KafkaException when the session is over: fenced, or the broker is away for too long
   */
  void turn() {
    progress.turned();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    for (TopicPartition partition : records.partitions()) {
      lane(partition).add(records.records(partition));
      if (!lane(partition).hasRoom(ahead.each(lanes.size()))) {
        // What waits in memory is bounded; answers make room.
        consumer.pause(List.of(partition));
      }
    }
    for (TopicPartition partition : List.copyOf(lanes.keySet())) {
      advance(partition, lane(partition));
    }
  }

  private void advance(TopicPartition partition, PartitionLane lane) {
    lane.announce(announcer, consumer.groupMetadata());
    if (lane.hasRoom(ahead.each(lanes.size()))) {
      consumer.resume(List.of(partition));
      lane.settle(announcer, consumer.groupMetadata(), position(partition));
    }
    if (lane.start(slots, handler)) {
      // Whoever got a slot is last in the queue for the next one.
      lanes.remove(partition);
      lanes.put(partition, lane);
    }
  }

  /** Where the next record would be fetched from; -1 while that is not known. */
  private long position(TopicPartition partition) {
    try {
      return consumer.position(partition, Duration.ZERO);
    } catch (TimeoutException e) {
      return -1;
    }
  }

  /** The group's offset, no longer changed by a former owner; -1 when there is none. */
  private long committed(TopicPartition partition) {
    OffsetAndMetadata offset =
        consumer.committed(Set.of(partition), KafkaSettings.MAX_BLOCK).get(partition);
    return offset == null ? -1 : offset.offset();
  }

  private PartitionLane lane(TopicPartition partition) {
    PartitionLane lane = lanes.get(partition);
    if (lane == null) {
      throw new IllegalStateException("records of " + partition + ", which is not owned");
    }
    return lane;
  }

  /** Fences the former owner's producer, which ends its open transaction, if any, at once. */
  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      giveUp(List.of(partition));
      Producer<byte[], byte[]> producer = clients.producer(partition);
      try {
        producer.initTransactions();
        lanes.put(partition, new PartitionLane(partition, producer, committed(partition)));
      } catch (RuntimeException e) {
        producer.close(Duration.ZERO);
        throw e;
      }
      progress.turned();
    }
    LOG.infof("Partitions assigned: added=%s owned=%d", partitions, lanes.size());
    progress.joined();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    LOG.infof("Partitions revoked: removed=%s", partitions);
    giveUp(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    LOG.warnf("Partitions lost: removed=%s", partitions);
    giveUp(partitions);
  }

  private void giveUp(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      PartitionLane lane = lanes.remove(partition);
      if (lane != null) {
        lane.close();
      }
    }
  }

  @Override
  public void close() {
    progress.left();
    giveUp(List.copyOf(lanes.keySet()));
    consumer.close(CloseOptions.timeout(CLOSE));
  }
}
