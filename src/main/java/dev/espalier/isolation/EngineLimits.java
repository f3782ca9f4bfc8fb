package dev.espalier.isolation;

import java.time.Duration;

/**
 * What an engine may use.
 *
 * @param heapBytes largest Java heap, at least 16 MiB
 * @param memoryBytes budget of resident memory, heap included; the engine is ended at 90 % of it
 * @param diskBytes most that may lie below the work directory
 * @param stallTimeout longest time without progress, start included
 * @param deadline longest time altogether
 */
public record EngineLimits(
    long heapBytes, long memoryBytes, long diskBytes, Duration stallTimeout, Duration deadline) {
  private static final long SMALLEST_HEAP = 16L << 20;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException when the heap is below 16 MiB or above the budget, or a
   *     duration is not positive
   */
  public EngineLimits {
    if (heapBytes < SMALLEST_HEAP || heapBytes > memoryBytes) {
      throw new IllegalArgumentException(
          "the engine's heap (%d bytes) is at least 16 MiB and at most its memory (%d bytes)"
              .formatted(heapBytes, memoryBytes));
    }
    requirePositive("stall timeout", stallTimeout);
    requirePositive("deadline", deadline);
  }

  /** Limits without one of the disk. */
  public EngineLimits(long heapBytes, long memoryBytes, Duration stallTimeout, Duration deadline) {
    this(heapBytes, memoryBytes, Long.MAX_VALUE, stallTimeout, deadline);
  }

  /** Resident bytes at which the engine is ended, before the container's limit ends the pod. */
  long killAtBytes() {
    return memoryBytes / 10 * 9;
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("the engine's " + name + " is not positive: " + duration);
    }
  }
}
