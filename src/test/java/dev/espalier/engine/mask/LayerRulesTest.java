package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.LayerOverride;
import dev.espalier.contract.TestPolicies;
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
  void shouldRefuseByNameWhenAnExpressionFindsNoLayer() {
    List<String> layers = List.of("conv1", "conv1", "fc");
    LayerRules excluding = rules(0, List.of("fc", "^dense$"), List.of());
    LayerRules capping = rules(0, List.of("fc"), List.of(new LayerOverride("Conv", 0.5)));

    rules(0, List.of("^conv"), List.of(new LayerOverride("fc$", 0.5))).requireMatches(layers);
    assertThatThrownBy(() -> excluding.requireMatches(layers))
        .hasMessageContaining("policy-invalid")
        .hasMessageContaining("'exclude[1]' is '^dense$'")
        .hasMessageEndingWith("layers are 'conv1', 'fc'");
    assertThatThrownBy(() -> capping.requireMatches(layers))
        .hasMessageContaining("'overrides[0].layers' is 'Conv'");
  }

  @Test
  @Timeout(5)
  void shouldStayLinearWhenAnExpressionIsHostile() {
    LayerRules rules = rules(0, List.of("^(a+)+$"), List.of());

    assertThat(rules.excludes("a".repeat(50_000) + "!")).isFalse();
  }

  private static LayerRules rules(
      double minimumKept, List<String> exclude, List<LayerOverride> overrides) {
    Policy like = TestPolicies.policy("");
    return new LayerRules(
        new Policy(
            like.name(),
            like.criterion(),
            like.fallback(),
            like.scope(),
            like.granularity(),
            like.target(),
            like.sign(),
            like.schedule(),
            exclude,
            overrides,
            like.roundTo(),
            minimumKept,
            like.gradientSamples(),
            like.recover(),
            like.quantize(),
            like.gate(),
            like.search(),
            like.budget(),
            like.seed()));
  }
}
