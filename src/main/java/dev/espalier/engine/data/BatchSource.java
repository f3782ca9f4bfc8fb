package dev.espalier.engine.data;

import dev.espalier.contract.Task;

/** Samples of a data set, by index. */
public interface BatchSource {
  /** What the targets of its batches mean. */
  Task task();

  /** Number of samples. */
  int samples();

  /**
   * The samples at {@code indices}, in that order; each index in [0, samples). The batch is only
   * lent: the next call may fill the same memory again.
   */
  Batch batch(int... indices);
}
