package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Metric;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.LayerOverride;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LayerRulesTest {

  @Test
  void shouldKeepTheMinimumRoundedUp() {
    assertThat(rules(0.02, List.of(), List.of()).mostRemoved("fc", 101)).isEqualTo(98);
    assertThat(rules(0, List.of(), List.of()).mostRemoved("fc", 101)).isEqualTo(101);
  }

  @Test
  void shouldHoldEveryMatchingCap() {
    LayerRules rules =
        rules(
            0.02,
            List.of(),
            List.of(new LayerOverride("conv", 0.5), new LayerOverride("^conv1$", 0.25)));

    assertThat(rules.mostRemoved("conv1", 100)).isEqualTo(25);
    assertThat(rules.mostRemoved("conv2", 100)).isEqualTo(50);
    assertThat(rules.mostRemoved("fc", 100)).isEqualTo(98);
  }

  @Test
  void shouldFindExpressionsAnywhereInTheNameUnlessAnchored() {
    LayerRules rules = rules(0, List.of("^output$", "norm"), List.of());

    assertThat(rules.excludes("output")).isTrue();
    assertThat(rules.excludes("output2")).isFalse();
    assertThat(rules.excludes("layernorm_1")).isTrue();
  }

  @Test
  void shouldRefuseWhenAnExpressionDoesNotCompile() {
    assertThatThrownBy(() -> rules(0, List.of("conv("), List.of()))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("conv(");
  }

  @Test
  @Timeout(5)
  void shouldStayLinearWhenAnExpressionIsHostile() {
    LayerRules rules = rules(0, List.of("^(a+)+$"), List.of());

    assertThat(rules.excludes("a".repeat(50_000) + "!")).isFalse();
  }

  private static LayerRules rules(
      double minimumKept, List<String> exclude, List<LayerOverride> overrides) {
    return new LayerRules(
        new Policy(
            "rules",
            Policy.Criterion.MAGNITUDE,
            List.of(),
            Policy.Scope.GLOBAL,
            Policy.Granularity.WEIGHT,
            new Policy.Target(0.5, null),
            Policy.Sign.POSITIVE,
            new Policy.Schedule(Policy.Schedule.Kind.ONE_SHOT, 0, 1),
            exclude,
            overrides,
            minimumKept,
            512,
            new Policy.Recover(0, Policy.Recover.Optimizer.SGD, 0.1, 1),
            new Policy.Gate(Metric.ACCURACY, 0.1, Policy.Gate.DropType.ABSOLUTE, 0.95, 0),
            new Policy.Search(false, 0.005, 12),
            new Policy.Budget(Duration.ofHours(1)),
            1));
  }
}
