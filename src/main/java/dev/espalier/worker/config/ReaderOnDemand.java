package dev.espalier.worker.config;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer without a group for whoever looks into a topic: made when somebody first looks, and
 * again after it was released. Looks take turns by the caller's own lock; only {@link #end} may
 * come from another thread.
 */
public final class ReaderOnDemand {
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean ended;

  /**
   * A reader.
   *
   * @param consumers makes one
   */
  public ReaderOnDemand(Supplier<Consumer<byte[], byte[]>> consumers) {
    this.consumers = consumers;
  }

  /**
   * The consumer.
   *
   * @throws WakeupException when no look may begin any more
   */
  public Consumer<byte[], byte[]> get() {
    Consumer<byte[], byte[]> reader = consumer == null ? consumers.get() : consumer;
    consumer = reader;
    if (ended) {
      throw new WakeupException();
    }
    return reader;
  }

  /** Ends a look that is under way, and lets no other begin; from any thread. */
  public void end() {
    ended = true;
    Consumer<byte[], byte[]> reader = consumer;
    if (reader != null) {
      reader.wakeup();
    }
  }

  /** Gives the consumer up; the next look gets a new one. */
  public void release() {
    Consumer<byte[], byte[]> reader = consumer;
    consumer = null;
    if (reader != null) {
      reader.close(CloseOptions.timeout(Duration.ZERO));
    }
  }
}
