package dev.espalier.worker.operation;

import dev.espalier.contract.ReasonCode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; each part narrows it. One that was sent back before is meant only
 * where its offset is given.
 *
 * @param reasons codes of which one must be the letter's; empty for any
 * @param partition of the letters' topic; absent for all
 * @param offset of one letter in {@code partition}; absent for all
 * @param since oldest letters meant; absent for any age
 * @param limit largest number taken, the oldest of each partition first
 */
public record Selection(
    Set<ReasonCode> reasons,
    @Nullable Integer partition,
    @Nullable Long offset,
    @Nullable Instant since,
    int limit) {
  /** Copies the set. */
  public Selection {
    reasons = Set.copyOf(reasons);
  }

  boolean includes(Letter letter) {
    return (reasons.isEmpty()
            || reasons.stream().anyMatch(code -> code.wire().equals(letter.reason())))
        && (partition == null || partition == letter.at().partition())
        && (offset == null || offset == letter.at().offset())
        && (since == null || !letter.time().isBefore(since));
  }
}
