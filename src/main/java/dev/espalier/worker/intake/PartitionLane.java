package dev.espalier.worker.intake;

import dev.espalier.worker.publish.Announcer;
import dev.espalier.worker.publish.Disposition;
import dev.espalier.worker.telemetry.RecordTrace;
import java.time.Duration;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One <em>unbroken</em> ownership of a partition: made when the partition is assigned, closed when
 * it is revoked or lost. Its records are worked strictly in order, and only a lane announces what
 * it has polled itself. That makes the lane the partition's epoch: the broker fences generations of
 * the group, not ownership, so a result that outlives its lane is dropped here, and the next owner
 * announces it from the store. Used by the poll thread only.
 */
final class PartitionLane implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PartitionLane.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final TopicPartition partition;
  private final Producer<byte[], byte[]> producer;

  /** Changed by the poll thread, looked at from slots. */
  private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ConcurrentLinkedDeque<>();

  private long waitingBytes;

  /** The group's offset; negative where it has none yet. */
  private long settled;

  private @Nullable Running running;
  private long notBefore = System.nanoTime();

  /**
   * A lane.
   *
   * @param producer initialised; closed with the lane
   * @param committed the group's offset; negative where it has none
   */
  PartitionLane(TopicPartition partition, Producer<byte[], byte[]> producer, long committed) {
    this.partition = partition;
    this.producer = producer;
    this.settled = committed;
  }

  /** Takes records, in the order of their offsets. */
  void add(Collection<ConsumerRecord<byte[], byte[]>> records) {
    waiting.addAll(records);
    records.forEach(record -> waitingBytes += ReadAhead.bytes(record));
  }

  /** Whether more is to be fetched, where so much may wait. */
  boolean hasRoom(ReadAhead ahead) {
    return ahead.hasRoom(waiting.size(), waitingBytes);
  }

  /**
   * Puts the first record on a slot, if it is not on one and one is free.
   *
   * @return whether it was put there now
   */
  boolean start(ExecutorService slots, RecordHandler handler) {
    ConsumerRecord<byte[], byte[]> first = waiting.peek();
    if (first == null || running != null || System.nanoTime() - notBefore < 0) {
      return false;
    }
    try {
      RecordTrace trace = handler.trace(first);
      running = new Running(slots.submit(() -> handler.handle(first, waiting, trace)), trace);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Announces what the first record led to, once that is known. */
  @SuppressWarnings("try") // The resource is what this thread works on meanwhile.
  void announce(Announcer announcer, ConsumerGroupMetadata group) {
    Running done = running;
    Disposition disposition = outcome();
    ConsumerRecord<byte[], byte[]> first = waiting.peek();
    if (done == null || disposition == null || first == null) {
      return;
    }
    try (RecordTrace.Active active = done.trace().activate()) {
      if (announcer.announce(producer, group, partition, first.offset(), disposition)) {
        waitingBytes -= ReadAhead.bytes(waiting.remove());
        settled = first.offset() + 1;
        running = null;
        done.trace().close();
      }
    } catch (RecordTooLargeException e) {
      if (!(disposition instanceof Disposition.DeadLetter letter)) {
        throw e;
      }
      LOG.warnf("Dead letter abridged: partition=%s offset=%d", partition, first.offset());
      running = new Running(CompletableFuture.completedFuture(letter.shortened()), done.trace());
    }
  }

  /**
   * Moves the group's offset past what is no record: a producer's transaction ends with a marker,
   * which would count as lag until the next event.
   *
   * @param position of the next record to be fetched
   */
  void settle(Announcer announcer, ConsumerGroupMetadata group, long position) {
    if (waiting.isEmpty()
        && settled >= 0
        && position > settled
        && announcer.settle(producer, group, partition, position)) {
      settled = position;
    }
  }

  private @Nullable Disposition outcome() {
    Running asked = running;
    if (asked == null || !asked.outcome().isDone()) {
      return null;
    }
    try {
      return asked.outcome().get();
    } catch (ExecutionException e) {
      // A full disk or a bug here, never a verdict on the record: it is handled again.
      LOG.errorf(e.getCause(), "Record not handled, trying again: partition=%s", partition);
      asked.trace().failed(e.getCause());
      asked.trace().close();
      running = null;
      notBefore = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException("a future that is done does not wait", e);
    }
  }

  /** The first record, on a slot or back from it. */
  private record Running(Future<Disposition> outcome, RecordTrace trace) {}

  /** Gives the partition up: whatever runs is interrupted, and what it leads to is dropped. */
  @Override
  public void close() {
    if (running != null) {
      running.outcome().cancel(true);
      running.trace().giveUp();
    }
    producer.close(Duration.ZERO);
  }
}
