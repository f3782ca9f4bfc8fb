package dev.espalier.worker.job;

import org.jspecify.annotations.Nullable;

/**
 * One try of a job.
 *
 * @param number 1-based, unique among all workers
 * @param resumedFrom step of the newest checkpoint when it began; absent when there was none
 */
record Attempt(int number, @Nullable Integer resumedFrom) {}
