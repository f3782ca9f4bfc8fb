package dev.espalier.worker.job;

/**
 * How far a job of this worker is.
 *
 * @param job the admitted event
 * @param claim what its claim says, or will say with its next writing
 * @param ended whether this worker is done with it: it has its result, or was given up
 */
public record JobProgress(Job job, Claim claim, boolean ended) {}
