package dev.espalier.worker.operation;

import dev.espalier.contract.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What became of a job whose result was to be announced again.
 *
 * @param topic where its record was sent; absent when the job has no result
 */
public record Replayed(JobId job, @Nullable String topic) {}
