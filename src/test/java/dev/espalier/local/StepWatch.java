package dev.espalier.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** Notices the steps a job has finished by the checkpoints that appear in the store. */
final class StepWatch implements Runnable {
  private final Path checkpoints;
  private final IntConsumer finished;
  private int next = 1;

  /**
   * A watch.
   *
   * @param checkpoints the directory behind the job's checkpoint objects
   * @param finished gets each step once, in order
   */
  StepWatch(Path checkpoints, IntConsumer finished) {
    this.checkpoints = checkpoints;
    this.finished = finished;
  }

  @Override
  public void run() {
    while (Files.exists(checkpoints.resolve(next + ".ckpt"))) {
      finished.accept(next++);
    }
  }
}
