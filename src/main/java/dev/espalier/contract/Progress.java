package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One line of an engine's standard output: what it is doing, as it does it. Any line is a sign of
 * life; {@link Heartbeat} is sent at least every five seconds while computation moves.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Progress.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = Progress.Heartbeat.class, name = "heartbeat"),
  @JsonSubTypes.Type(value = Progress.StageStarted.class, name = "stage"),
  @JsonSubTypes.Type(value = Progress.Advanced.class, name = "advanced"),
  @JsonSubTypes.Type(value = Progress.StepFinished.class, name = "step"),
  @JsonSubTypes.Type(value = Progress.CheckpointWritten.class, name = "checkpoint")
})
public sealed interface Progress {

  /** The JVM is up and waits for, or has read, its job. */
  record Ready() implements Progress {}

  /**
   * Computation has moved since the last one.
   *
   * @param work a count that grows with work done; standing still means a hang
   */
  record Heartbeat(long work) implements Progress {}

  /** A stage of the job began. */
  record StageStarted(Stage stage) implements Progress {}

  /**
   * How far the whole job is.
   *
   * @param fraction in [0, 1]
   */
  record Advanced(double fraction) implements Progress {}

  /**
   * A step of the schedule is done.
   *
   * @param step 1-based
   * @param steps number of steps
   * @param sparsity of the prunable weights, in [0, 1]
   * @param metric on the search half; absent when the step failed
   */
  record StepFinished(int step, int steps, double sparsity, @Nullable Double metric)
      implements Progress {}

  /**
   * A checkpoint is complete on disk.
   *
   * @param step the step it was written after, 1-based
   * @param file its name below {@link JobSpec#CHECKPOINTS}
   */
  record CheckpointWritten(int step, String file) implements Progress {}

  /** Stages of an engine run. */
  enum Stage {
    LOAD,
    BASELINE,
    PRUNE,
    RECOVER,
    EVALUATE,
    VERDICT,
    MEASURE,
    WRITE
  }
}
