package dev.espalier.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.local.StoreProxy;
import dev.espalier.local.StoreProxy.Moment;
import dev.espalier.local.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event that comes by two partitions, as mirroring makes it, while its job runs. */
class CopiesIT {
  @TempDir private static Path directory;

  @Test
  void shouldAnnounceOnceWhenTheMarkerOfTheOriginalIsLate() throws Exception {
    try (Stack stack = Stack.start(directory, 2);
        StoreProxy proxy = StoreProxy.before(stack.store().endpoint());
        WorkerProcess worker =
            stack
                .worker("espalier.store.endpoint", proxy.endpoint(), "espalier.engine.slots", "2")
                .awaitReady();
        Topics topics = new Topics(stack.bootstrapServers())) {
      AtomicInteger refusals = new AtomicInteger(4);
      proxy.set(
          request ->
              request.startsWith("PUT")
                      && request.endsWith("/announced")
                      && refusals.getAndDecrement() > 0
                  ? Moment.OVERLOADED
                  : Moment.FAIR);
      stack.publish(event(0));
      Claims.awaitStep(stack, "copied");
      stack.publish(event(1));

      List<Topics.Seen> seen = topics.awaitDrained("espalier");
      assertThat(seen).extracting(Topics.Seen::verdict).containsExactly("pruned");
      assertThat(refusals).hasNegativeValue();
      assertThat(worker.metrics())
          .containsPattern("espalier_redeliveries_total\\{kind=\"acknowledged\",?\\} 1");
    }
  }

  private static ProducerRecord<byte[], byte[]> event(int partition) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            "model-trained",
            partition,
            "cnn".getBytes(UTF_8),
            Events.slow("cnn", "1").getBytes(UTF_8));
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            "copied",
            "ce_source",
            Stack.SOURCE,
            "ce_type",
            "dev.espalier.model.trained.v1",
            "content-type",
            "application/json")
        .forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    return record;
  }
}
