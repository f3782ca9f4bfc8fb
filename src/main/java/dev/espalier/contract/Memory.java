package dev.espalier.contract;

import org.jspecify.annotations.Nullable;

/**
 * Resident memory.
 *
 * @param enginePeakBytes peak of the engine
 * @param inferencePeakBytesBefore most that the model as it came adds to a process that loads and
 *     runs it: median of three; absent where it was not measured
 * @param inferencePeakBytesAfter the same of the pruned model
 * @param inferencePeakSpread largest difference between measurements of the same model
 */
public record Memory(
    long enginePeakBytes,
    @Nullable Long inferencePeakBytesBefore,
    @Nullable Long inferencePeakBytesAfter,
    @Nullable Long inferencePeakSpread) {}
