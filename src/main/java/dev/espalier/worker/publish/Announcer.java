package dev.espalier.worker.publish;

import dev.espalier.worker.config.FaultPoint;
import dev.espalier.worker.config.FaultPoints;
import dev.espalier.worker.telemetry.Stage;
import dev.espalier.worker.telemetry.Traces;
import dev.espalier.worker.telemetry.WorkerMetrics;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/**
 * One short transaction: the outgoing record and the incoming record's offset, both or neither. It
 * runs on the poll thread, between polls, so that partitions cannot be lost in the middle of it
 * unnoticed.
 */
@Singleton
public class Announcer {
  private final FaultPoints faults;
  private final AnnouncedMarks marks;
  private final WorkerMetrics metrics;
  private final Traces traces;

  Announcer(FaultPoints faults, AnnouncedMarks marks, WorkerMetrics metrics, Traces traces) {
    this.faults = faults;
    this.marks = marks;
    this.metrics = metrics;
    this.traces = traces;
  }

  /**
   * Makes a disposition visible and moves the group's offset past its record.
   *
   * @param producer the transactional producer of {@code partition}
   * @param group as it is now, never as it was when the job began: a stale generation is fenced
   * @param offset of the record that was handled
   * @return false when a rebalance is under way: nothing happened, to be tried again if the
   *     partition is still owned after it
   * @throws RecordTooLargeException when the topic does not take the record: nothing happened
   * @throws KafkaException for everything else, fencing included: the producer is of no further
   *     use, and only the committed offset tells whether the transaction took place
   */
  public boolean announce(
      Producer<byte[], byte[]> producer,
      ConsumerGroupMetadata group,
      TopicPartition partition,
      long offset,
      Disposition disposition) {
    String topic = outgoing(disposition).map(ProducerRecord::topic).orElse(null);
    try (Traces.Sending sending = traces.sending(topic)) {
      try {
        return transact(producer, group, partition, offset, disposition, sending);
      } catch (RuntimeException e) {
        sending.failed(e);
        throw e;
      }
    }
  }

  /**
   * Moves the group's offset where there is no record to answer. That is nobody's progress, and
   * belongs to no trace.
   *
   * @param position of the next record
   * @return and throws as {@link #announce}
   */
  public boolean settle(
      Producer<byte[], byte[]> producer,
      ConsumerGroupMetadata group,
      TopicPartition partition,
      long position) {
    producer.beginTransaction();
    try {
      moveTo(position, producer, group, partition);
      producer.commitTransaction();
      return true;
    } catch (CommitFailedException
        | RebalanceInProgressException
        | TransactionAbortableException e) {
      producer.abortTransaction();
      return false;
    }
  }

  private static void moveTo(
      long position,
      Producer<byte[], byte[]> producer,
      ConsumerGroupMetadata group,
      TopicPartition partition) {
    producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(position)), group);
  }

  private boolean transact(
      Producer<byte[], byte[]> producer,
      ConsumerGroupMetadata group,
      TopicPartition partition,
      long offset,
      Disposition disposition,
      Traces.Sending sending) {
    long start = System.nanoTime();
    producer.beginTransaction();
    try {
      faults.pass(FaultPoint.IN_TRANSACTION_BEFORE_SEND);
      outgoing(disposition).ifPresent(record -> send(producer, record));
      moveTo(offset + 1, producer, group, partition);
      producer.flush();
      faults.pass(FaultPoint.IN_TRANSACTION_AFTER_SEND);
      producer.commitTransaction();
    } catch (CommitFailedException
        | RebalanceInProgressException
        | TransactionAbortableException e) {
      producer.abortTransaction();
      sending.failed(e);
      return false;
    } catch (KafkaException e) {
      throw tooLarge(e).isEmpty() ? e : aborted(producer, tooLarge(e).get());
    }
    faults.pass(FaultPoint.AFTER_TRANSACTION);
    if (disposition instanceof Disposition.Result result) {
      marks.writeLater(result.job());
    } else if (disposition instanceof Disposition.DeadLetter letter) {
      metrics.deadLettered(letter.reason());
    }
    metrics.stage(Stage.ANNOUNCE, Duration.ofNanos(System.nanoTime() - start));
    metrics.progressed();
    return true;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What a send failed with, the commit throws.
  private static void send(
      Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
  }

  private static RecordTooLargeException aborted(
      Producer<byte[], byte[]> producer, RecordTooLargeException e) {
    producer.abortTransaction();
    return e;
  }

  private static Optional<RecordTooLargeException> tooLarge(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static Optional<ProducerRecord<byte[], byte[]>> outgoing(Disposition disposition) {
    if (disposition instanceof Disposition.Result result) {
      return Optional.of(result.record().toKafka());
    }
    if (disposition instanceof Disposition.DeadLetter letter) {
      return Optional.of(letter.record());
    }
    return Optional.empty();
  }
}
