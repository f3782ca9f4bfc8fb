package dev.espalier.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.engine.schedule.Course.Move;
import dev.espalier.engine.schedule.Course.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Recovery from a long step is worse than from a short one, so a rejection may not stand. */
class RejectionFromAfarTest {
  /** Recovery makes up for two points at a time, and for nothing beyond 0.94. */
  @Test
  void shouldTryWhatWasRejectedOnceMoreWhenWhatIsBelowItIsAccepted() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Policy.Schedule.Kind.CUBIC, 0, 8), 0.9);
    Policy.Search patient = new Policy.Search(true, 0.005, 40);
    Course course = new Course(schedule, List.of(Criterion.MAGNITUDE), patient, 0.98);
    List<Tried> tried = new ArrayList<>();
    double from = 0;
    for (Optional<Move> move = course.next(tried); move.isPresent(); move = course.next(tried)) {
      double sparsity = move.get().sparsity();
      boolean accepted = sparsity <= 0.8 || sparsity <= Math.min(from + 0.02, 0.94);
      from = accepted ? sparsity : from;
      tried.add(new Tried(Criterion.MAGNITUDE, sparsity, sparsity, accepted, accepted, false));
    }

    double best =
        tried.stream().filter(Tried::accepted).mapToDouble(Tried::sparsity).max().orElse(0);
    Tried rejected = tried.stream().filter(t -> !t.accepted()).findFirst().orElseThrow();
    assertThat(rejected.sparsity()).isLessThan(0.94);
    assertThat(best).isBetween(0.935, 0.94);
    assertThat(tried)
        .as("fails from the answer, or so near to it that it would")
        .anyMatch(t -> !t.accepted() && t.sparsity() - best <= 0.005);
  }
}
