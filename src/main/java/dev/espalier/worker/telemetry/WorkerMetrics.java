package dev.espalier.worker.telemetry;

import dev.espalier.contract.BuildVersion;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.client.CollectorRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Every meter of the worker, by name. All series exist from the start, at zero, and labels come
 * from closed lists: never a model, a job or a key.
 */
@Singleton
public class WorkerMetrics {
  /** Why records are dead-lettered. */
  private static final Set<ReasonCode> DEAD_LETTER_REASONS =
      Set.of(
          ReasonCode.NOT_A_CLOUDEVENT,
          ReasonCode.SCHEMA_VIOLATION,
          ReasonCode.CONFLICTING_DUPLICATE);

  /** Why engines are started again. */
  private static final Set<ReasonCode> RESTART_CAUSES =
      Set.of(
          ReasonCode.ENGINE_CRASHED,
          ReasonCode.ENGINE_OUT_OF_MEMORY,
          ReasonCode.ENGINE_STALLED,
          ReasonCode.CHECKSUM_MISMATCH);

  private final MeterRegistry registry;
  private final RatioHistograms ratios;
  private final AtomicInteger inProgress = new AtomicInteger();
  private final AtomicLong lastProgress = new AtomicLong(Instant.now().getEpochSecond());
  private final Set<LongSupplier> engines = ConcurrentHashMap.newKeySet();

  WorkerMetrics(MeterRegistry registry, CollectorRegistry prometheus) {
    this.registry = registry;
    ratios = new RatioHistograms(prometheus);
    Gauge.builder("espalier.jobs.in.progress", inProgress, AtomicInteger::get)
        .description("Jobs on a slot now")
        .register(registry);
    Gauge.builder("espalier.last.progress.timestamp", lastProgress, AtomicLong::get)
        .description("When a job last moved, in seconds since 1970; the start when none has")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("espalier.engine.memory", this, WorkerMetrics::engineBytes)
        .description("Resident memory of all running engines")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("espalier.build.info", () -> 1)
        .description("Always 1; the version is the label")
        .tag("version", BuildVersion.current())
        .register(registry);
    registerLabelled();
    jobDuration();
  }

  private void registerLabelled() {
    for (Verdict verdict : Verdict.values()) {
      jobs(verdict);
      gateVerdicts(verdict);
    }
    for (Stage stage : Stage.values()) {
      stageDuration(stage);
    }
    for (StoreOperation operation : StoreOperation.values()) {
      for (StoreOutcome outcome : StoreOutcome.values()) {
        storeRequests(operation, outcome);
      }
    }
    DEAD_LETTER_REASONS.forEach(this::deadLetters);
    RESTART_CAUSES.forEach(this::engineRestarts);
    for (Redelivery kind : Redelivery.values()) {
      redeliveries(kind);
    }
    artifactBytes("in");
    artifactBytes("out");
  }

  /** Takes note that a job runs until the returned handle is closed. */
  public Running jobStarted() {
    inProgress.incrementAndGet();
    return inProgress::decrementAndGet;
  }

  /** Something that goes on until it is closed. */
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  /** Counts a result that this worker committed, after the time its job took here. */
  public void jobEnded(Verdict verdict, Duration duration) {
    jobs(verdict).increment();
    jobDuration().record(duration);
  }

  /** Counts what a gate decided. */
  public void gateDecided(Verdict verdict) {
    gateVerdicts(verdict).increment();
  }

  /** Takes note of an accepted model: all three as fractions. */
  public void modelPruned(double sparsity, double drop, double sizeRatio) {
    ratios.sparsity().observe(sparsity);
    // The sum of a histogram must not fall: a rate would take it for a restart.
    ratios.metricDrop().observe(Math.max(0, drop));
    ratios.size().observe(sizeRatio);
  }

  /** Takes note of the latency of an accepted model, as a fraction of what it was. */
  public void modelTimed(double latencyRatio) {
    ratios.latency().observe(latencyRatio);
  }

  /** Takes note of the time of a stage. */
  public void stage(Stage stage, Duration duration) {
    stageDuration(stage).record(duration);
  }

  /** Counts bytes fetched from the store. */
  public void artifactBytesIn(long bytes) {
    artifactBytes("in").increment((double) bytes);
  }

  /** Counts bytes of files pushed to the store. */
  public void artifactBytesOut(long bytes) {
    artifactBytes("out").increment((double) bytes);
  }

  /** Takes note of a request to the store. */
  public void storeRequest(StoreOperation operation, StoreOutcome outcome, Duration duration) {
    storeRequests(operation, outcome).record(duration);
  }

  /** Counts a dead letter. */
  public void deadLettered(ReasonCode reason) {
    deadLetters(reason).increment();
  }

  /** Counts a record seen before. */
  public void redelivered(Redelivery kind) {
    redeliveries(kind).increment();
  }

  /** Counts an engine that ended without an outcome that could be used. */
  public void engineRestarted(ReasonCode cause) {
    engineRestarts(cause).increment();
  }

  /** Adds an engine's resident memory, in bytes, to the gauge until the handle is closed. */
  public Running engineRunning(LongSupplier residentBytes) {
    engines.add(residentBytes);
    return () -> engines.remove(residentBytes);
  }

  /** Takes note that a job has moved. */
  public void progressed() {
    lastProgress.set(Instant.now().getEpochSecond());
  }

  private double engineBytes() {
    return engines.stream().mapToLong(LongSupplier::getAsLong).sum();
  }

  private Counter jobs(Verdict verdict) {
    return counter("espalier.jobs", "Results committed", "verdict", verdict.wire());
  }

  private Counter gateVerdicts(Verdict verdict) {
    return counter("espalier.gate.verdicts", "Decisions of gates", "verdict", verdict.wire());
  }

  private Counter deadLetters(ReasonCode reason) {
    return counter("espalier.dead.letters", "Dead letters", "reason", reason.wire());
  }

  private Counter redeliveries(Redelivery kind) {
    return counter("espalier.redeliveries", "Records seen before", "kind", label(kind));
  }

  private Counter engineRestarts(ReasonCode cause) {
    return counter("espalier.engine.restarts", "Engines that died", "cause", cause.wire());
  }

  private Counter artifactBytes(String direction) {
    return Counter.builder("espalier.artifact.bytes")
        .description("Bytes of files moved")
        .tag("direction", direction)
        .register(registry);
  }

  private Counter counter(String name, String description, String label, String value) {
    return Counter.builder(name).description(description).tag(label, value).register(registry);
  }

  private Timer jobDuration() {
    return Timer.builder("espalier.job.duration")
        .description("From admission to the commit record, on the worker that committed it")
        .serviceLevelObjectives(Buckets.JOB)
        .register(registry);
  }

  private Timer stageDuration(Stage stage) {
    return Timer.builder("espalier.stage.duration")
        .description("Time of a stage of a job")
        .tag("stage", label(stage))
        .serviceLevelObjectives(Buckets.JOB)
        .register(registry);
  }

  private Timer storeRequests(StoreOperation operation, StoreOutcome outcome) {
    return Timer.builder("espalier.object.store.request.duration")
        .description("Time of a request to the object store, its body included")
        .tag("operation", label(operation))
        .tag("outcome", label(outcome))
        .serviceLevelObjectives(Buckets.REQUEST)
        .register(registry);
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
