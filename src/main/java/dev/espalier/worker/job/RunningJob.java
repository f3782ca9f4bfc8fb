package dev.espalier.worker.job;

import dev.espalier.contract.Progress;
import dev.espalier.contract.Progress.StepFinished;
import dev.espalier.contract.Reason;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job while a slot of this worker is at it: how far it is, and whether it is to stop. It is told
 * by the slot, by the thread that reads the engine and by whoever asks for an end, and makes none
 * of them wait.
 */
final class RunningJob implements AutoCloseable {
  private final Job job;
  private final Successor successor;
  private final String worker;
  private final Consumer<RunningJob> changed;

  private int attempt;
  private long counter = 1;
  private String stage = Claim.ADMITTED;
  private double fraction;
  private @Nullable StepFinished step;
  private Instant updated = Instant.now();
  private boolean ended;
  private @Nullable Stop stop;
  private @Nullable Consumer<Reason> engine;

  /**
   * A job that is taken up now.
   *
   * @param successor what may make its result unwanted
   * @param worker who does so
   * @param changed told after each change, on the thread that brought it
   */
  RunningJob(Job job, Successor successor, String worker, Consumer<RunningJob> changed) {
    this.job = job;
    this.successor = successor;
    this.worker = worker;
    this.changed = changed;
  }

  Job job() {
    return job;
  }

  Successor successor() {
    return successor;
  }

  synchronized JobProgress progress() {
    return new JobProgress(job, claim(), ended);
  }

  synchronized Claim claim() {
    return new Claim(
        worker,
        attempt,
        counter,
        stage,
        fraction,
        step == null ? null : step.step(),
        step == null ? null : step.steps(),
        step == null ? null : step.sparsity(),
        step == null ? null : step.metric(),
        updated);
  }

  /** An attempt begins. */
  void attempt(int number) {
    change(
        () -> {
          attempt = number;
          fraction = 0;
          step = null;
        });
  }

  /** A stage begins, of the worker's or the engine's. */
  void stage(String name) {
    change(() -> stage = name);
  }

  /** Takes over what an engine reports, if it is more than a sign of life. */
  void progressed(Progress progress) {
    if (progress instanceof Progress.StageStarted started) {
      stage(started.stage().name().toLowerCase(Locale.ROOT));
    } else if (progress instanceof Progress.Advanced advanced && isRatio(advanced.fraction())) {
      change(() -> fraction = advanced.fraction());
    } else if (progress instanceof StepFinished finished && isRatio(finished.sparsity())) {
      change(() -> step = finished);
    }
  }

  /** An engine has read a stranger's model: what it reports need not be a number. */
  private static boolean isRatio(double value) {
    return value >= 0 && value <= 1;
  }

  /** Nothing has changed, and this worker is still at it. */
  synchronized void alive() {
    counter++;
    updated = Instant.now();
  }

  /**
   * Asks for the end; the first who asks gives the reason. An engine at work is ended at once, and
   * the job concludes where it next may.
   */
  void stop(Stop asked) {
    Consumer<Reason> running;
    synchronized (this) {
      if (stop != null) {
        return;
      }
      stop = asked;
      running = engine;
    }
    if (running != null) {
      running.accept(asked.reason());
    }
  }

  /** Why the job is to end; empty while it is to go on. */
  synchronized Optional<Stop> stop() {
    return Optional.ofNullable(stop);
  }

  /** An engine is at work, which {@code ending} ends; it is ended now if the job is to stop. */
  void engineStarted(Consumer<Reason> ending) {
    Stop asked;
    synchronized (this) {
      engine = ending;
      asked = stop;
    }
    if (asked != null) {
      ending.accept(asked.reason());
    }
  }

  /** No engine is at work. */
  synchronized void engineEnded() {
    engine = null;
  }

  /** This worker is done with the job. */
  @Override
  public void close() {
    change(() -> ended = true);
  }

  private void change(Runnable change) {
    synchronized (this) {
      change.run();
      alive();
    }
    changed.accept(this);
  }
}
