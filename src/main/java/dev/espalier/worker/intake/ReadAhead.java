package dev.espalier.worker.intake;

import dev.espalier.worker.config.KafkaSettings;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * How much of a partition may wait in memory behind the record that is worked on. A partition is
 * paused when there is no room, so what one poll brings may come on top of the bounds.
 *
 * @param records number of records below which more are fetched
 * @param bytes size of keys, values and headers below which more are fetched
 */
record ReadAhead(int records, long bytes) {
  private static final int FAR_RECORDS = 64 - KafkaSettings.READ_AHEAD;
  private static final long FAR_BYTES = 4 << 20;

  /** Of all partitions that a worker owns. */
  private static final long ALL_BYTES = 32 << 20;

  /** Nothing is fetched until all is answered. */
  static final ReadAhead ONE_POLL = new ReadAhead(1, FAR_BYTES);

  /** Far enough to find later events of a model that is being pruned. */
  static final ReadAhead FAR = new ReadAhead(FAR_RECORDS, FAR_BYTES);

  /** What each of so many partitions may take, where they share the worker's memory. */
  ReadAhead each(int partitions) {
    return new ReadAhead(records, Math.min(bytes, ALL_BYTES / Math.max(1, partitions)));
  }

  boolean hasRoom(int waiting, long waitingBytes) {
    return waiting < records && waitingBytes < bytes;
  }

  /** What a record takes. */
  static long bytes(ConsumerRecord<byte[], byte[]> record) {
    long sum = length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      sum += header.key().length() + length(header.value());
    }
    return sum;
  }

  private static long length(byte @org.jspecify.annotations.Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
