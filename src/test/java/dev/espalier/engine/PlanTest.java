package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

  @ParameterizedTest
  @CsvSource({"0.9, 10, 9", "0.9, 11, 10", "0.1, 1000000, 100000", "0, 10, 0", "0.5, 3, 2"})
  void shouldRoundUpToWholeWeights(double sparsity, long size, long removed) {
    Plan plan = Plan.of(Workbench.policy(sparsity, 4, 0, 0.1, 0), size, 0, size);

    assertThat(plan.removed(plan.schedule().sparsity(4))).isEqualTo(removed);
  }

  @Test
  void shouldNeverRemoveLessInALaterStep() {
    Plan plan = Plan.of(Workbench.policy(0.87, 9, 0, 0.1, 0), 12_345, 0, 12_345);

    for (int step = 2; step <= plan.steps(); step++) {
      assertThat(removed(plan, step)).isGreaterThanOrEqualTo(removed(plan, step - 1));
    }
  }

  @Test
  void shouldCountDeletionsOnTopOfTheZerosThatAreThere() {
    Plan plan = Plan.of(deleting(30), 100, 20, 100);

    assertThat(removed(plan, plan.steps())).isEqualTo(50);
  }

  @Test
  void shouldRefuseWhenMoreAreToGoThanThereAre() {
    assertThatThrownBy(() -> Plan.of(deleting(80), 100, 20, 100))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("100");
  }

  private static long removed(Plan plan, int step) {
    return plan.removed(plan.schedule().sparsity(step));
  }

  private static Policy deleting(long count) {
    return TestPolicies.like(
        Workbench.policy(0.5, 3, 0, 0.1, 0), "target: {delete: %d}".formatted(count));
  }
}
