package dev.espalier.engine.data;

import dev.espalier.contract.Task;

/**
 * The beginning of a data set.
 *
 * @param all the data set
 * @param samples how many, at most as many as it has
 */
public record FirstSamples(BatchSource all, int samples) implements BatchSource {
  @Override
  public Task task() {
    return all.task();
  }

  @Override
  public Batch batch(int... indices) {
    return all.batch(indices);
  }
}
