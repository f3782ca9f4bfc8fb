package dev.espalier.worker.intake;

import dev.espalier.worker.job.Job;
import dev.espalier.worker.job.Successor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Looks for the successor of a record's job among the records that wait behind it: the same key, a
 * valid event of its own, the same model. A copy of an event, or one that reuses an id, takes
 * nobody's place. Asked by several threads.
 */
final class Succession implements Successor {
  private final ConsumerRecord<byte[], byte[]> record;
  private final Iterable<ConsumerRecord<byte[], byte[]>> waiting;
  private final Admission admission;
  private long examined;

  /**
   * The succession of a record.
   *
   * @param waiting records of its partition, in their order, as they are when they are looked at
   */
  Succession(
      ConsumerRecord<byte[], byte[]> record,
      Iterable<ConsumerRecord<byte[], byte[]>> waiting,
      Admission admission) {
    this.record = record;
    this.waiting = waiting;
    this.admission = admission;
    this.examined = record.offset();
  }

  @Override
  public synchronized Optional<Newer> newer(Job job) throws IOException {
    for (ConsumerRecord<byte[], byte[]> later : waiting) {
      if (later.offset() > examined) {
        Optional<Newer> newer = newer(job, later);
        if (newer.isPresent()) {
          return newer;
        }
        examined = later.offset();
      }
    }
    return Optional.empty();
  }

  private Optional<Newer> newer(Job job, ConsumerRecord<byte[], byte[]> later) throws IOException {
    if (record.key() == null || !Arrays.equals(record.key(), later.key())) {
      return Optional.empty();
    }
    return admission
        .awaited(later)
        .filter(other -> !other.id().equals(job.id()))
        .filter(other -> other.data().model().name().equals(job.data().model().name()))
        .map(other -> new Newer(other.data().model().version(), other.source()));
  }
}
