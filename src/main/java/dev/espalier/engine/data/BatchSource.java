package dev.espalier.engine.data;

import dev.espalier.contract.Task;

/** Samples of a data set, by index. */
public interface BatchSource {
  /** What the targets of its batches mean. */
  Task task();

  /** Number of samples. */
  int samples();

  /** The samples at {@code indices}, in that order; each index in [0, samples). */
  Batch batch(int... indices);
}
