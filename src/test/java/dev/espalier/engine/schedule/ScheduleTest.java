package dev.espalier.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Schedule.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldEndAtExactlyTheTargetAndNeverFall(Kind kind) {
    List<Double> values = kind == Kind.EXPLICIT ? List.of(0.2, 0.2, 0.9) : List.of();
    Schedule schedule = Schedule.of(new Policy.Schedule(kind, 0.1, 7, values), 0.9);

    assertThat(schedule.sparsity(schedule.steps())).isEqualTo(0.9);
    for (int step = 2; step <= schedule.steps(); step++) {
      assertThat(schedule.sparsity(step)).isGreaterThanOrEqualTo(schedule.sparsity(step - 1));
    }
  }

  @Test
  void shouldTakeOneStepWhenOneShot() {
    assertThat(Schedule.of(new Policy.Schedule(Kind.ONE_SHOT, 0, 1), 0.5).steps()).isOne();
  }

  @Test
  void shouldFollowTheFormulaWhenCubic() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Kind.CUBIC, 0, 4), 0.8);

    assertThat(schedule.sparsity(1)).isCloseTo(0.8 * (1 - 27.0 / 64), within(1e-15));
    assertThat(schedule.sparsity(2)).isCloseTo(0.8 * (1 - 1.0 / 8), within(1e-15));
    assertThat(schedule.sparsity(3)).isCloseTo(0.8 * (1 - 1.0 / 64), within(1e-15));
  }

  @Test
  void shouldRemoveTheSameFractionOfWhatIsLeftInEachStepWhenGeometric() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Kind.GEOMETRIC, 0.2, 3), 0.9);

    // 0.8 · f³ = 0.1, so each step keeps half.
    assertThat(schedule.sparsity(1)).isCloseTo(0.6, within(1e-15));
    assertThat(schedule.sparsity(2)).isCloseTo(0.8, within(1e-15));
  }

  @Test
  void shouldDecayToTheTargetWhenExponential() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Kind.EXPONENTIAL, 0, 2), 0.99);

    // After half the steps 0.1 of 1 is left, of which 0.01 is the rest: 0.09/0.99 of the way.
    assertThat(schedule.sparsity(1)).isCloseTo(0.99 - 0.09, within(1e-15));
  }

  @Test
  void shouldFollowTheListWhenExplicit() {
    Schedule schedule =
        Schedule.of(new Policy.Schedule(Kind.EXPLICIT, 0, 8, List.of(0.5, 0.7)), 0.7);

    assertThat(schedule.steps()).isEqualTo(2);
    assertThat(schedule.sparsity(1)).isEqualTo(0.5);
    assertThat(schedule.sparsity(2)).isEqualTo(0.7);
  }

  @Test
  void shouldRiseEvenlyWhenLinear() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Kind.LINEAR, 0.2, 4), 0.8);

    assertThat(schedule.sparsity(1)).isCloseTo(0.35, within(1e-15));
    assertThat(schedule.sparsity(2)).isCloseTo(0.5, within(1e-15));
  }
}
