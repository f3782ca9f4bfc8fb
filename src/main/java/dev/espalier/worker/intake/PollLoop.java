package dev.espalier.worker.intake;

import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.publish.Announcer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.jboss.logging.Logger;

/**
 * The thread that owns the consumer and every producer. It never waits for a job or for the object
 * store; jobs run on slots, at most one per partition, and come back to it to be announced.
 */
@Singleton
public class PollLoop {
  private static final Logger LOG = Logger.getLogger(PollLoop.class);
  private static final Duration PAUSE_BETWEEN_SESSIONS = Duration.ofSeconds(1);
  private static final Duration SLOTS_END = Duration.ofSeconds(5);

  private final KafkaClients clients;
  private final Announcer announcer;
  private final RecordHandler handler;
  private final PollProgress progress;
  private final MeterRegistry registry;
  private final String topic;
  private final ReadAhead ahead;
  private final ExecutorService slots;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "poll");

  PollLoop(
      KafkaClients clients,
      Announcer announcer,
      RecordHandler handler,
      PollProgress progress,
      MeterRegistry registry,
      WorkerConfig config) {
    this.clients = clients;
    this.announcer = announcer;
    this.handler = handler;
    this.progress = progress;
    this.registry = registry;
    this.topic = config.topics().modelTrained();
    this.ahead = config.policies().supersede() ? ReadAhead.FAR : ReadAhead.ONE_POLL;
    this.slots = slots(config.engine().slots());
  }

  /** Starts taking records. */
  public void start() {
    progress.turned();
    thread.start();
  }

  /**
   * Leaves the group, interrupts the jobs and waits a few seconds for them. Their engines end at
   * once; the checkpoints they have sent stay. This is told before anything that jobs use is
   * destroyed: the platform does not wait for the main thread when it is told to end.
   */
  void stop(@Observes(notifyObserver = Reception.IF_EXISTS) ShutdownEvent event)
      throws InterruptedException {
    stopping.countDown();
    thread.join(Duration.ofSeconds(10).toMillis());
    slots.shutdownNow();
    if (!slots.awaitTermination(SLOTS_END.toSeconds(), TimeUnit.SECONDS)) {
      LOG.warn("Jobs still running at the end of the worker");
    }
  }

  private void run() {
    while (stopping.getCount() > 0) {
      try {
        session();
      } catch (RuntimeException e) {
        // Fenced, no broker, or a bug: in each case the committed offsets say where to go on.
        LOG.warn("Kafka session ended, starting another", e);
        pause();
      }
    }
  }

  private void session() {
    Consumer<byte[], byte[]> consumer = clients.consumer();
    try (KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        ConsumerSession session =
            new ConsumerSession(consumer, clients, announcer, handler, slots, progress, ahead)) {
      metrics.bindTo(registry);
      session.subscribe(topic);
      while (stopping.getCount() > 0) {
        session.turn();
      }
    }
  }

  private void pause() {
    progress.turned();
    try {
      stopping.await(PAUSE_BETWEEN_SESSIONS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Threads that hand over directly: a task that finds none free is rejected, and asked again. */
  private static ExecutorService slots(int count) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        count,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "slot-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
