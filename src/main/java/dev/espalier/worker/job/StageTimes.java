package dev.espalier.worker.job;

import dev.espalier.worker.telemetry.Stage;
import dev.espalier.worker.telemetry.Traces;
import dev.espalier.worker.telemetry.WorkerMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Seconds per stage of one job, the engine's included; repeated stages add up. */
final class StageTimes {
  private static final double NANOS = 1e9;

  private final WorkerMetrics metrics;
  private final Traces traces;
  private final RunningJob running;
  private final Map<String, Double> seconds = new TreeMap<>();

  /**
   * No time taken so far.
   *
   * @param running told of each stage that begins
   */
  StageTimes(WorkerMetrics metrics, Traces traces, RunningJob running) {
    this.metrics = metrics;
    this.traces = traces;
    this.running = running;
  }

  /** Runs a stage, in a span of its own, and takes its time. */
  <T> T time(Stage stage, Traces.Work<T> work) throws IOException, InterruptedException {
    running.stage(name(stage));
    return traces.stage(
        stage,
        () -> {
          long start = System.nanoTime();
          T result = work.run();
          add(stage, (System.nanoTime() - start) / NANOS);
          return result;
        });
  }

  /**
   * Adds what an engine reported; stages it names and metrics do not know are left to its report.
   */
  void addAll(Map<String, Double> phases) {
    for (Stage stage : Stage.values()) {
      Double reported = phases.get(name(stage));
      if (reported != null && reported >= 0) {
        add(stage, reported);
      }
    }
  }

  /** What was taken so far. */
  Map<String, Double> seconds() {
    return Map.copyOf(seconds);
  }

  private void add(Stage stage, double taken) {
    seconds.merge(name(stage), taken, Double::sum);
    metrics.stage(stage, Duration.ofNanos((long) (taken * NANOS)));
  }

  private static String name(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }
}
