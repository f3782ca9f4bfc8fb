package dev.espalier.engine.schedule;

import dev.espalier.contract.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a job tries next: a pure function of what it has tried, so that a resumed job goes on as if
 * it had never stopped.
 *
 * <p>Each criterion of the policy in turn follows the schedule. Without a search every step is
 * taken, up to one that fails, and the criterion has succeeded when the last one is accepted. With
 * a search the schedule ends at its first rejection, which with the acceptance before it is a
 * bracket; the bracket is halved until it is no wider than the resolution. A trial that was
 * accepted but removed less than it was asked to, as criteria with too few candidates do, is both:
 * accepted at the sparsity it reached and, like a rejection, an upper end at the one it did not
 * reach. A rejection is one from where that trial began, though, and the same sparsity may pass in
 * smaller steps: so when the bracket is narrow, its upper end is tried once more from its lower
 * end, and passing there makes it the lower end of the next bracket. What is found there may fail
 * on other samples for chance alone, so unless something that was accepted is safe as well, lower
 * sparsities follow, in distances that double, until one is. All that ends when {@code max-trials}
 * are spent. The criterion has then succeeded when anything was accepted. The next criterion is
 * only tried when the one before did not succeed.
 *
 * <p>With a warm start the schedule ends at the sparsity that the last version of the model was
 * accepted at, and what is beyond is looked at in strides that grow from twice the resolution until
 * one is rejected: where the answer is near, the bracket is narrow. Where it is not, the strides'
 * growth bounds the trials, and nothing else depends on where they start.
 *
 * @param schedule of every criterion
 * @param criteria the policy's, then its fallbacks
 * @param search whether and how far to search
 * @param ceiling highest sparsity that may be tried, in [0, 1)
 * @param isWarm whether the schedule ends at a warm start
 * @param unusable those of the criteria that have nothing to look at in the model: each is tried
 *     once, so that the trajectory says so, and not again
 */
public record Course(
    Schedule schedule,
    List<Policy.Criterion> criteria,
    Policy.Search search,
    double ceiling,
    boolean isWarm,
    Set<Policy.Criterion> unusable) {
  /**
   * How a stride grows to the next: a bracket is halved more cheaply than the way to it is walked.
   */
  private static final int GROWTH = 4;

  /** Resolutions that a rejected trial may have gone for its answer to stand. */
  private static final int NEAR = 2;

  /** A sparsity that is reached but for the last bits of its quotient is reached. */
  private static final double ROUNDING = 1e-9;

  /** A course without a warm start, of criteria that all can be used. */
  public Course(
      Schedule schedule, List<Policy.Criterion> criteria, Policy.Search search, double ceiling) {
    this(schedule, criteria, search, ceiling, false, Set.of());
  }

  /** Copies the collections. */
  public Course {
    criteria = List.copyOf(criteria);
    unusable = Set.copyOf(unusable);
  }

  /**
   * Something to try.
   *
   * @param criterion what scores the weights
   * @param sparsity how much to remove, in [0, 1)
   * @param fromStart whether to go on from the model as it came, or else from what is left of the
   *     criterion's last step (without a search) or last accepted one (with a search)
   */
  public record Move(Policy.Criterion criterion, double sparsity, boolean fromStart) {}

  /**
   * Something that was tried.
   *
   * @param sparsity as asked for
   * @param reached what it came to, in [0, 1); lower where the criterion had too few candidates
   * @param accepted whether it passed on the search half
   * @param safe whether it did so with room for other samples to say otherwise
   * @param failed whether nothing came of it, so that a schedule cannot go on from it
   */
  public record Tried(
      Policy.Criterion criterion,
      double sparsity,
      double reached,
      boolean accepted,
      boolean safe,
      boolean failed) {
    /** Whether it passed at all that it was asked for. */
    boolean succeeded() {
      return accepted && reached >= sparsity - ROUNDING;
    }

    /** What is known to be accepted: recovery may leave more zeros than were asked for. */
    double proven() {
      return Math.min(sparsity, reached);
    }
  }

  /** The next move; empty when the course is run. */
  public Optional<Move> next(List<Tried> tried) {
    for (Policy.Criterion criterion : criteria) {
      List<Tried> own = tried.stream().filter(t -> t.criterion() == criterion).toList();
      if (unusable.contains(criterion)) {
        if (own.isEmpty()) {
          return Optional.of(new Move(criterion, schedule.sparsity(1), true));
        }
        continue;
      }
      Optional<Double> sparsity = search.enabled() ? searched(own) : scheduled(own);
      if (sparsity.isPresent()) {
        return Optional.of(new Move(criterion, sparsity.get(), isFromStart(own, sparsity.get())));
      }
      if (isSuccess(own)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean isFromStart(List<Tried> own, double sparsity) {
    return search.enabled()
        ? own.stream().filter(Tried::accepted).noneMatch(t -> t.proven() <= sparsity)
        : own.isEmpty();
  }

  private boolean isSuccess(List<Tried> own) {
    return search.enabled()
        ? own.stream().anyMatch(Tried::accepted)
        : own.get(own.size() - 1).accepted();
  }

  private Optional<Double> scheduled(List<Tried> own) {
    return own.size() < schedule.steps() && own.stream().noneMatch(Tried::failed)
        ? Optional.of(schedule.sparsity(own.size() + 1))
        : Optional.empty();
  }

  private Optional<Double> searched(List<Tried> own) {
    List<Tried> scheduled = new ArrayList<>();
    for (Tried step : own) {
      if (scheduled.size() < schedule.steps() && isAccepted(scheduled)) {
        scheduled.add(step);
      }
    }
    boolean atCeiling = own.stream().anyMatch(t -> t.sparsity() == ceiling);
    if (scheduled.size() < schedule.steps() && isAccepted(scheduled) && !atCeiling) {
      return Optional.of(Math.min(ceiling, schedule.sparsity(scheduled.size() + 1)));
    }
    double low = own.stream().filter(Tried::accepted).mapToDouble(Tried::proven).max().orElse(0);
    OptionalDouble rejected =
        own.stream()
            .filter(t -> !t.succeeded() && t.sparsity() > low)
            .mapToDouble(Tried::sparsity)
            .min();
    double high = rejected.orElse(ceiling);
    if (own.size() - scheduled.size() >= search.maxTrials()) {
      return Optional.empty();
    }
    boolean isNarrow = high - low <= search.resolution();
    if (rejected.isPresent()
        && (isNarrow || wasRejected(own, low))
        && isFromFarther(own, high, low)) {
      return Optional.of(high);
    }
    if (isNarrow) {
      return safer(own, low);
    }
    double next = (low + high) / 2;
    return Optional.of(isWarm && rejected.isEmpty() ? Math.min(next, low + stride(own)) : next);
  }

  /** Whether the last trial of {@code rejected} went farther than one from {@code low} would. */
  private boolean isFromFarther(List<Tried> own, double rejected, double low) {
    double reached = 0;
    double start = low;
    for (Tried step : own) {
      start = step.sparsity() == rejected ? reached : start;
      reached = step.accepted() ? Math.max(reached, step.proven()) : reached;
    }
    return start < low && rejected - start > NEAR * search.resolution() + ROUNDING;
  }

  private static boolean wasRejected(List<Tried> own, double sparsity) {
    return own.stream().anyMatch(t -> t.sparsity() == sparsity && !t.accepted());
  }

  /** How far beyond what was accepted to look, while nothing was rejected. */
  private double stride(List<Tried> own) {
    long beyond =
        own.stream().filter(t -> t.sparsity() > schedule.sparsity(schedule.steps())).count();
    return 2 * search.resolution() * Math.pow(GROWTH, (double) beyond);
  }

  /** A sparsity below {@code best}, twice as far from it as any that was tried. */
  private Optional<Double> safer(List<Tried> own, double best) {
    if (own.stream().anyMatch(t -> t.accepted() && t.safe()) || best == 0) {
      return Optional.empty();
    }
    double lowest = own.stream().mapToDouble(Tried::proven).min().orElse(best);
    double next = best - 2 * Math.max(search.resolution(), best - lowest);
    return next > 0 ? Optional.of(next) : Optional.empty();
  }

  private static boolean isAccepted(List<Tried> scheduled) {
    return scheduled.isEmpty() || scheduled.get(scheduled.size() - 1).succeeded();
  }
}
