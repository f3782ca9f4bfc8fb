package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Monitor monitor = new Monitor(new PrintStream(lines, true, StandardCharsets.UTF_8));

  @AfterEach
  void close() {
    monitor.close();
  }

  @Test
  void shouldBeatOnlyWhenWorkMoved() {
    monitor.worked(7);
    await().atMost(Duration.ofSeconds(6)).until(() -> beats() == 1);

    await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(4)).until(() -> beats() == 1);
    assertThat(text()).contains("{\"event\":\"heartbeat\",\"work\":7}");
  }

  @Test
  void shouldStopTheJobWhenItsTimeIsOver() {
    monitor.limit(Duration.ofNanos(1));

    assertThatThrownBy(() -> monitor.worked(1)).isInstanceOf(DeadlineExceeded.class);
  }

  @Test
  void shouldTellHowFarTheJobIs() {
    monitor.plan(1_000);
    for (int i = 0; i < 1_000; i++) {
      monitor.worked(1);
    }
    long told = text().lines().filter(l -> l.contains("advanced")).count();

    assertThat(told).isBetween(150L, 200L);
    assertThat(text()).contains("{\"event\":\"advanced\",\"fraction\":0.005}");
    assertThat(text().strip()).containsPattern("\"fraction\":(0\\.99[5-9]|1\\.0)}$");
  }

  private long beats() {
    return text().lines().filter(line -> line.contains("heartbeat")).count();
  }

  private String text() {
    return lines.toString(StandardCharsets.UTF_8);
  }
}
