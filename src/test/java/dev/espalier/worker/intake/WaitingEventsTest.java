package dev.espalier.worker.intake;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.worker.config.KafkaSettings;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class WaitingEventsTest {
  /** A broker that never answers: without being woken, a read ends by its time limit. */
  @Test
  void shouldEndAReadThatIsUnderWayWhenTheWorkerEnds() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      WorkerConfig config =
          TestConfig.with("espalier.kafka.bootstrap-servers", "127.0.0.1:" + silent.getLocalPort());
      KafkaSettings settings = TestConfig.kafka(config);
      WaitingEvents events = new WaitingEvents(settings, new KafkaClients(settings), config);
      Future<?> read = thread.submit(events::read);
      try (Socket asked = silent.accept()) {
        asked.getInputStream().read();
        events.close();

        assertThatThrownBy(read::get)
            .cause()
            .isInstanceOf(IOException.class)
            .hasCauseInstanceOf(WakeupException.class);
        assertThatThrownBy(events::read).hasCauseInstanceOf(WakeupException.class);
      }
    } finally {
      thread.shutdownNow();
    }
  }
}
