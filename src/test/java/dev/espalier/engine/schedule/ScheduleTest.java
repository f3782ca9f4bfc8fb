package dev.espalier.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Schedule.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldEndAtExactlyTheTargetAndNeverFall(Kind kind) {
    Schedule schedule = Schedule.of(new Policy.Schedule(kind, 0.1, 7), 0.9);

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
  void shouldRiseEvenlyWhenLinear() {
    Schedule schedule = Schedule.of(new Policy.Schedule(Kind.LINEAR, 0.2, 4), 0.8);

    assertThat(schedule.sparsity(1)).isCloseTo(0.35, within(1e-15));
    assertThat(schedule.sparsity(2)).isCloseTo(0.5, within(1e-15));
  }
}
