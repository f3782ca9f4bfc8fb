package dev.espalier.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.engine.schedule.Course.Move;
import dev.espalier.engine.schedule.Course.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CourseTest {
  private static final Policy.Search SEARCH = new Policy.Search(true, 0.005, 12);
  private static final Policy.Search NONE = new Policy.Search(false, 0.005, 12);
  private static final Schedule CUBIC =
      Schedule.of(new Policy.Schedule(Policy.Schedule.Kind.CUBIC, 0, 8), 0.9);
  private static final Schedule ONE_SHOT =
      Schedule.of(new Policy.Schedule(Policy.Schedule.Kind.ONE_SHOT, 0, 1), 0.9);

  @Test
  void shouldComeWithinTheResolutionInTwelveTrialsWhateverTheThreshold() {
    SplittableRandom random = new SplittableRandom(1);
    for (Schedule schedule : List.of(CUBIC, ONE_SHOT)) {
      Course course = new Course(schedule, List.of(Criterion.MAGNITUDE), SEARCH, 0.98);
      for (int i = 0; i < 1_000; i++) {
        double threshold = 0.98 * random.nextDouble();

        List<Tried> tried = run(course, move -> move.sparsity() <= threshold);

        double best = best(tried);
        assertThat(threshold - best).as("threshold %s", threshold).isBetween(0.0, 0.005);
        assertThat(tried).hasSizeLessThanOrEqualTo(12 + (schedule == CUBIC ? 8 : 1));
        assertThat(searchTrials(tried, schedule)).isLessThanOrEqualTo(9);
      }
    }
  }

  /**
   * Where the last version ended, a search for the next one takes few trials beyond the schedule.
   */
  @Test
  void shouldTakeFewerTrialsWhenTheAnswerIsNearTheWarmStart() {
    SplittableRandom random = new SplittableRandom(2);
    int cold = 0;
    int warm = 0;
    for (int i = 0; i < 500; i++) {
      double threshold = 0.5 + 0.45 * random.nextDouble();
      double start = threshold - 0.01 + 0.02 * random.nextDouble();
      for (Policy.Schedule.Kind kind :
          List.of(Policy.Schedule.Kind.CUBIC, Policy.Schedule.Kind.ONE_SHOT)) {
        Policy.Schedule policy = new Policy.Schedule(kind, 0, 8);
        Course known =
            new Course(
                Schedule.endingAt(policy, start),
                List.of(Criterion.LAMP),
                SEARCH,
                0.98,
                true,
                Set.of());
        Course unknown =
            new Course(Schedule.of(policy, 0.9), List.of(Criterion.LAMP), SEARCH, 0.98);

        List<Tried> tried = run(known, move -> move.sparsity() <= threshold);

        assertThat(threshold - best(tried)).isBetween(0.0, 0.005);
        if (start <= threshold) {
          assertThat(searchTrials(tried, known.schedule())).isLessThanOrEqualTo(3);
          warm += searchTrials(tried, known.schedule());
          cold +=
              searchTrials(run(unknown, move -> move.sparsity() <= threshold), unknown.schedule());
        }
      }
    }
    assertThat(warm).isLessThan(cold / 2);
  }

  @Test
  void shouldComeWithinTheResolutionWhereverTheWarmStartIs() {
    SplittableRandom random = new SplittableRandom(3);
    for (Policy.Schedule.Kind kind : Policy.Schedule.Kind.values()) {
      Policy.Schedule policy =
          kind == Policy.Schedule.Kind.EXPLICIT
              ? new Policy.Schedule(kind, 0, 3, List.of(0.3, 0.6, 0.9))
              : new Policy.Schedule(kind, 0, 4);
      for (int i = 0; i < 500; i++) {
        double threshold = 0.98 * random.nextDouble();
        Schedule schedule = Schedule.endingAt(policy, 0.001 + 0.998 * random.nextDouble());
        Course course = new Course(schedule, List.of(Criterion.LAMP), SEARCH, 0.98, true, Set.of());

        List<Tried> tried = run(course, move -> move.sparsity() <= threshold);

        assertThat(threshold - best(tried)).as("threshold %s", threshold).isBetween(0.0, 0.005);
        assertThat(searchTrials(tried, schedule)).isLessThanOrEqualTo(12);
        assertThat(tried).allMatch(t -> t.sparsity() <= 0.98);
      }
    }
  }

  private static int searchTrials(List<Tried> tried, Schedule schedule) {
    int scheduled = 0;
    while (scheduled < Math.min(tried.size(), schedule.steps())) {
      if (!tried.get(scheduled++).accepted()) {
        break;
      }
    }
    return tried.size() - scheduled;
  }

  @Test
  void shouldStopWhenTheTrialsAreSpent() {
    Policy.Search short_ = new Policy.Search(true, 0.0001, 3);
    Course course = new Course(ONE_SHOT, List.of(Criterion.MAGNITUDE), short_, 0.98);

    assertThat(run(course, move -> move.sparsity() < 0.3)).hasSize(4);
  }

  @Test
  void shouldNeverTryMoreThanTheCeiling() {
    Course course = new Course(CUBIC, List.of(Criterion.MAGNITUDE), SEARCH, 0.7);

    List<Tried> tried = run(course, move -> true);

    assertThat(tried).allMatch(t -> t.sparsity() <= 0.7);
    assertThat(tried).filteredOn(t -> t.sparsity() == 0.7).hasSizeLessThanOrEqualTo(1);
    assertThat(best(tried)).isGreaterThanOrEqualTo(0.695);
  }

  @Test
  void shouldTakeEveryStepWhenThereIsNoSearchWhateverIsRejected() {
    Course course = new Course(CUBIC, List.of(Criterion.MAGNITUDE), NONE, 0.98);

    List<Tried> tried = run(course, move -> move.sparsity() > 0.89);

    assertThat(tried).hasSize(8);
    assertThat(tried.get(7).sparsity()).isEqualTo(0.9);
  }

  @Test
  void shouldFallBackInOrderWhenACriterionDoesNotSucceed() {
    List<Criterion> criteria = List.of(Criterion.RANDOM, Criterion.LAMP, Criterion.MAGNITUDE);
    for (Policy.Search search : List.of(NONE, SEARCH)) {
      Course course = new Course(ONE_SHOT, criteria, search, 0.98);

      List<Tried> tried = run(course, move -> move.criterion() == Criterion.LAMP);

      assertThat(tried.stream().map(Tried::criterion).distinct())
          .containsExactly(Criterion.RANDOM, Criterion.LAMP);
    }
  }

  @Test
  void shouldEndWhenNoCriterionSucceeds() {
    Course course = new Course(CUBIC, List.of(Criterion.RANDOM, Criterion.LAMP), NONE, 0.98);

    assertThat(run(course, move -> false)).hasSize(16);
  }

  @Test
  void shouldGoOnFromTheModelAsItCameUntilSomethingIsAcceptedWhenSearching() {
    Course course = new Course(ONE_SHOT, List.of(Criterion.MAGNITUDE), SEARCH, 0.98);
    Tried rejected = new Tried(Criterion.MAGNITUDE, 0.9, 0.9, false, false, false);
    Tried accepted = new Tried(Criterion.MAGNITUDE, 0.45, 0.45, true, true, false);

    assertThat(course.next(List.of())).contains(new Move(Criterion.MAGNITUDE, 0.9, true));
    assertThat(course.next(List.of(rejected))).contains(new Move(Criterion.MAGNITUDE, 0.45, true));
    assertThat(course.next(List.of(rejected, accepted)).orElseThrow().fromStart()).isFalse();
  }

  @Test
  void shouldGoDownUntilSomethingIsSafeWhenWhatPassesIsNot() {
    Course course = new Course(ONE_SHOT, List.of(Criterion.MAGNITUDE), SEARCH, 0.98);
    List<Tried> tried = new ArrayList<>();
    for (Optional<Move> move = course.next(tried); move.isPresent(); move = course.next(tried)) {
      double sparsity = move.get().sparsity();
      boolean accepted = sparsity <= 0.9;
      tried.add(
          new Tried(Criterion.MAGNITUDE, sparsity, sparsity, accepted, sparsity < 0.88, false));
    }

    assertThat(tried.stream().map(Tried::sparsity))
        .startsWith(0.9)
        .endsWith(0.9 - 0.01, 0.9 - 0.02, 0.9 - 0.04);
    assertThat(tried.get(tried.size() - 1).safe()).isTrue();
  }

  /** Half of what is left at most goes in a step, as with a sign that half the gradients have. */
  @Test
  void shouldNotTakeForReachedWhatACriterionFellShortOf() {
    Course course = new Course(ONE_SHOT, List.of(Criterion.GRADIENT_SIGN), SEARCH, 0.98);
    List<Tried> tried = new ArrayList<>();
    double before = 0;
    for (Optional<Move> move = course.next(tried); move.isPresent(); move = course.next(tried)) {
      double from = move.get().fromStart() ? 0 : before;
      double reached = Math.min(move.get().sparsity(), from + (1 - from) / 2);
      boolean accepted = reached <= 0.8;
      before = accepted ? reached : before;
      tried.add(
          new Tried(
              Criterion.GRADIENT_SIGN, move.get().sparsity(), reached, accepted, accepted, false));
    }

    assertThat(tried.get(0).reached()).isEqualTo(0.5);
    assertThat(tried.get(1).sparsity()).isEqualTo(0.7);
    assertThat(course.next(tried.subList(0, 1)).orElseThrow().fromStart()).isFalse();
    assertThat(before).isBetween(0.795, 0.8);
    assertThat(tried).hasSizeLessThanOrEqualTo(13);
  }

  @Test
  void shouldLookBelowWhatIsOutOfReachWhenNoMoreCandidatesAreLeft() {
    Course course = new Course(CUBIC, List.of(Criterion.GRADIENT_SIGN), SEARCH, 0.98);
    List<Tried> tried = new ArrayList<>();
    for (Optional<Move> move = course.next(tried); move.isPresent(); move = course.next(tried)) {
      double reached = Math.min(move.get().sparsity(), 0.4);
      tried.add(
          new Tried(Criterion.GRADIENT_SIGN, move.get().sparsity(), reached, true, true, false));
    }

    assertThat(tried.stream().filter(t -> t.reached() < t.sparsity()))
        .as("all above what is in reach")
        .allMatch(t -> t.sparsity() > 0.4);
    assertThat(tried.get(tried.size() - 1).sparsity()).isBetween(0.4, 0.405);
  }

  /** Search and verdict together: what they accept is no more often too bad than one test's. */
  @Test
  void shouldRarelyEndWithAModelThatIsTooBadWhenSamplesAreNoisy() {
    for (Schedule schedule : List.of(CUBIC, ONE_SHOT)) {
      WholeProcedure.Ends ends =
          new WholeProcedure(1_000, 0.02, 0.8, schedule).run(2_000, 20_261_124);

      assertThat(ends.falselyAccepted()).isLessThanOrEqualTo(0.056);
      assertThat(ends.accepted()).isGreaterThan(0.8);
    }
  }

  @Test
  void shouldGoOnToTheNextCriterionWhenAStepFails() {
    Course course = new Course(CUBIC, List.of(Criterion.RANDOM, Criterion.LAMP), NONE, 0.98);
    Tried failed = new Tried(Criterion.RANDOM, 0.2, 0.2, false, false, true);

    assertThat(course.next(List.of(failed)))
        .contains(new Move(Criterion.LAMP, CUBIC.sparsity(1), true));
  }

  /** Trials of a criterion that has nothing to look at would all fail alike. */
  @Test
  void shouldTryAnUnusableFallbackOnceWhetherSearchingOrNot() {
    List<Criterion> ladder =
        List.of(Criterion.RANDOM, Criterion.BATCH_NORM_SCALE, Criterion.FILTER_L2);
    for (Policy.Search search : List.of(NONE, SEARCH)) {
      Course course =
          new Course(ONE_SHOT, ladder, search, 0.98, false, Set.of(Criterion.BATCH_NORM_SCALE));

      List<Tried> tried = run(course, move -> move.criterion() == Criterion.FILTER_L2);

      assertThat(tried).filteredOn(t -> t.criterion() == Criterion.BATCH_NORM_SCALE).hasSize(1);
      assertThat(tried.get(tried.size() - 1).criterion()).isEqualTo(Criterion.FILTER_L2);
    }
  }

  private static double best(List<Tried> tried) {
    return tried.stream().filter(Tried::accepted).mapToDouble(Tried::sparsity).max().orElse(0);
  }

  private static List<Tried> run(Course course, Predicate<Move> passes) {
    List<Tried> tried = new ArrayList<>();
    for (Optional<Move> move = course.next(tried); move.isPresent(); move = course.next(tried)) {
      Move made = move.get();
      boolean accepted = passes.test(made);
      tried.add(
          new Tried(made.criterion(), made.sparsity(), made.sparsity(), accepted, accepted, false));
    }
    return tried;
  }
}
