package dev.espalier.worker.intake;

import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.Refusal;
import dev.espalier.worker.job.Job;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The first records of one partition beyond the committed offset. */
final class Backlog {
  /** Records known; behind them there is only a number. */
  static final int MOST = 10;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long floor;
  private long next;

  /** A record; without an event where it is none. */
  private record Entry(long offset, @Nullable WaitingEvent event) {}

  /** Takes note of the committed offset: what lies before it has its result. */
  void committed(long offset) {
    if (offset < floor) {
      // The group was set back: what it will read again is not known here.
      entries.clear();
      next = offset;
    }
    floor = offset;
    while (!entries.isEmpty() && entries.element().offset() < offset) {
      entries.remove();
    }
    next = Math.max(next, offset);
  }

  /** The offset to read on from. */
  long next() {
    return next;
  }

  /** Whether there is more to know, before {@code end}. */
  boolean wants(long end) {
    return entries.size() < MOST && next < end;
  }

  /** Takes the next record; more than are kept are passed over. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    if (entries.size() < MOST && record.offset() >= next) {
      entries.add(new Entry(record.offset(), event(record)));
      next = record.offset() + 1;
    }
  }

  /**
   * Everything before {@code position} was looked at: offsets may hold markers instead of records.
   */
  void lookedAt(long position) {
    if (entries.size() < MOST) {
      next = Math.max(next, position);
    }
  }

  /** The events, in their order; the first record's is marked. */
  List<WaitingEvent> events() {
    long first = entries.isEmpty() ? 0 : entries.element().offset();
    return entries.stream()
        .map(Entry::event)
        .filter(Objects::nonNull)
        .map(event -> event.source().offset() == first ? event.asFirst() : event)
        .toList();
  }

  private static @Nullable WaitingEvent event(ConsumerRecord<byte[], byte[]> record) {
    try {
      Job job = Admission.job(record);
      ModelTrained.Model model = job.data().model();
      return new WaitingEvent(
          job.id(),
          model.name(),
          model.version(),
          job.source(),
          Instant.ofEpochMilli(record.timestamp()),
          false);
    } catch (Refusal e) {
      return null;
    }
  }
}
