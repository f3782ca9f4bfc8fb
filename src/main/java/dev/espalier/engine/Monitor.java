package dev.espalier.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Progress;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a running job tells the outside: progress lines, a heartbeat while work moves, and the time
 * of each stage. A heartbeat says that computation has advanced, not that a thread is alive.
 */
final class Monitor implements AutoCloseable {
  private static final long HEARTBEAT_MILLIS = 2_000;

  /** Smallest advance worth a line. */
  private static final double ADVANCE = 0.005;

  private final PrintStream lines;
  private final LongAdder work = new LongAdder();
  private final ScheduledExecutorService heartbeat;
  private final Map<String, Double> seconds = new TreeMap<>();
  private final long started = System.nanoTime();
  private long lastBeat;
  private long planned;
  private double told;
  private Progress.@Nullable Stage stage;
  private long stageStarted;
  private Duration longest = Duration.ofNanos(Long.MAX_VALUE);

  /** Reports to {@code lines}. */
  Monitor(PrintStream lines) {
    this.lines = lines;
    heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        heartbeat.scheduleAtFixedRate(
            this::beat, HEARTBEAT_MILLIS, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void beat() {
    long now = work.sum();
    if (now != lastBeat) {
      lastBeat = now;
      tell(new Progress.Heartbeat(now));
    }
  }

  /** Writes one line. */
  void tell(Progress progress) {
    try {
      byte[] line =
          (ContractJson.mapper().writeValueAsString(progress) + "\n")
              .getBytes(StandardCharsets.UTF_8);
      synchronized (lines) {
        lines.write(line, 0, line.length);
        lines.flush();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("progress does not serialise", e);
    }
  }

  /** A stage begins, and the one before ends. */
  void stage(Progress.Stage next) {
    endStage();
    stage = next;
    stageStarted = System.nanoTime();
    tell(new Progress.StageStarted(next));
  }

  private void endStage() {
    if (stage != null) {
      seconds.merge(stage.name().toLowerCase(Locale.ROOT), secondsSince(stageStarted), Double::sum);
    }
  }

  /** Sets how much work the whole job is, in the units of {@link #worked}. */
  void plan(long units) {
    planned = work.sum() + units;
  }

  /** Sets the longest time the job may take, from now back to the engine's start. */
  void limit(Duration duration) {
    longest = duration;
  }

  /**
   * Counts work done: samples scored, or as much else.
   *
   * @throws DeadlineExceeded when the job's time is over
   */
  void worked(long units) {
    work.add(units);
    checkDeadline();
    double fraction = planned == 0 ? 0 : Math.min(1, (double) work.sum() / planned);
    if (fraction >= told + ADVANCE) {
      told = fraction;
      tell(new Progress.Advanced(fraction));
    }
  }

  /**
   * Checks the time.
   *
   * @throws DeadlineExceeded when it is over
   */
  void checkDeadline() {
    if (System.nanoTime() - started > longest.toNanos()) {
      throw new DeadlineExceeded(longest);
    }
  }

  /** Seconds that are left of the job's time. */
  double secondsLeft() {
    return longest.toNanos() / 1e9 - secondsSince(started);
  }

  /** Seconds per stage so far, by lower-case stage name. */
  Map<String, Double> phases() {
    endStage();
    stageStarted = System.nanoTime();
    return Map.copyOf(seconds);
  }

  /** Seconds since a {@link System#nanoTime()}. */
  static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }

  /** Ends the heartbeat. */
  @Override
  public void close() {
    heartbeat.shutdownNow();
  }
}
