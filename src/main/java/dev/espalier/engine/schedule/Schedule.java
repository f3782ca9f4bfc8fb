package dev.espalier.engine.schedule;

import dev.espalier.contract.Policy;
import java.util.stream.Stream;

/**
 * How sparsity approaches its target {@code s₁} from {@code s₀} over {@code T} steps; {@code s(t)}
 * is what holds after step t, for t in [1, T]. Every schedule ends at exactly {@code s₁}.
 */
public sealed interface Schedule permits OneShot, Linear, Cubic, Exponential, Geometric, Explicit {

  /** Number of steps, at least 1. */
  int steps();

  /**
   * Sparsity after a step, in [0, 1).
   *
   * @param step 1-based
   */
  double sparsity(int step);

  /** The schedule of a policy, ending at {@code target}. */
  static Schedule of(Policy.Schedule policy, double target) {
    return switch (policy.kind()) {
      case ONE_SHOT -> new OneShot(target);
      case LINEAR -> new Linear(policy.from(), target, policy.steps());
      case CUBIC -> new Cubic(policy.from(), target, policy.steps());
      case EXPONENTIAL -> new Exponential(policy.from(), target, policy.steps());
      case GEOMETRIC -> new Geometric(policy.from(), target, policy.steps());
      case EXPLICIT -> new Explicit(policy.values());
    };
  }

  /** The schedule of a policy on its way to another end; a list of values is cut off there. */
  static Schedule endingAt(Policy.Schedule policy, double end) {
    return policy.kind() == Policy.Schedule.Kind.EXPLICIT
        ? new Explicit(
            Stream.concat(policy.values().stream().filter(v -> v < end), Stream.of(end)).toList())
        : of(policy, end);
  }
}
