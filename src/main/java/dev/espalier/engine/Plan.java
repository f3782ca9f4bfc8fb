package dev.espalier.engine;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * How many units, weights or channels, are gone after each step.
 *
 * @param schedule sparsities
 * @param size units in scope
 * @param target sparsity that the policy asks for
 * @param last units gone at that sparsity
 * @param isWarm whether the schedule ends at a warm start and not at the target
 */
record Plan(Schedule schedule, long size, double target, long last, boolean isWarm) {
  /** Keeps products such as 0.9 · 10 from being rounded up for their last bit. */
  private static final double ROUNDING = 1e-12;

  /**
   * The plan of a policy. A sparsity is rounded up to whole units, so that it is always reached; a
   * count is in addition to those that are gone from the start.
   *
   * @param size units in scope
   * @param zeros those of them that are gone from the start
   * @param most most of them that can be gone, those included; a pattern ends there
   * @throws Refusal {@code policy-invalid} when more are to go than there are, or than can be gone
   *     and no search looks for fewer
   */
  static Plan of(Policy policy, long size, long zeros, long most) {
    Double sparsity = policy.target().sparsity();
    Long delete = policy.target().delete();
    if ((sparsity == null) == (delete == null)) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID, "target needs exactly one of sparsity and delete");
    }
    boolean pattern = policy.granularity() instanceof Granularity.NOfM;
    long last =
        pattern ? most : sparsity != null ? count(sparsity, size) : Math.addExact(zeros, delete);
    if (last >= size) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "the target removes %d of the %d in scope, %d of which are gone already; lower it"
              .formatted(last, size, zeros));
    }
    if (last > most && !policy.search().enabled()) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "the target removes %d, but granularity, minimum-kept and overrides allow %d of %d; lower it"
              .formatted(last, most, size));
    }
    double target = sparsity != null && !pattern ? sparsity : (double) last / size;
    return new Plan(Schedule.of(policy.schedule(), target), size, target, last, false);
  }

  /**
   * The plan that goes to where the last version of the model was accepted, for a search to go on
   * from there; this plan when there is no such sparsity, or the schedule starts beyond it.
   */
  Plan warmed(Policy policy, @Nullable Double sparsity) {
    boolean applies =
        sparsity != null && policy.search().enabled() && sparsity > policy.schedule().from();
    return applies
        ? new Plan(Schedule.endingAt(policy.schedule(), sparsity), size, target, last, true)
        : this;
  }

  private static long count(double sparsity, long size) {
    return (long) Math.ceil(sparsity * (double) size * (1 - ROUNDING));
  }

  int steps() {
    return schedule.steps();
  }

  /** Units that are gone at a sparsity. */
  long removed(double sparsity) {
    return sparsity == target ? last : count(sparsity, size);
  }
}
