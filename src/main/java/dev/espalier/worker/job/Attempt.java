package dev.espalier.worker.job;

import org.jspecify.annotations.Nullable;

/**
 * One try of a job.
 *
 * @param number 1-based, unique among all workers
 * @param resumedFrom step of the newest checkpoint when it began; absent when there was none
 * @param warmStart sparsity that a search starts from, the same in every attempt; absent for none
 */
record Attempt(int number, @Nullable Integer resumedFrom, @Nullable Double warmStart) {
  /** An attempt without a warm start. */
  Attempt(int number, @Nullable Integer resumedFrom) {
    this(number, resumedFrom, null);
  }
}
