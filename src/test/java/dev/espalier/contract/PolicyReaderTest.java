package dev.espalier.contract;

import static dev.espalier.contract.JsonTrees.example;
import static dev.espalier.contract.ReasonCode.POLICY_INVALID;
import static dev.espalier.contract.ReasonCode.POLICY_NOT_SUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Policy.Criterion;
import dev.espalier.contract.Policy.Recover.Optimizer;
import dev.espalier.contract.Policy.Schedule.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {

  @Test
  void shouldTakeEveryDefaultFromTheSchemaWhenOnlyTheNameIsGiven() {
    Policy policy = PolicyReader.readYaml("name: plain");

    assertThat(policy.criterion()).isEqualTo(Criterion.MAGNITUDE);
    assertThat(policy.target()).isEqualTo(new Policy.Target(0.9, null));
    assertThat(policy.schedule()).isEqualTo(new Policy.Schedule(Kind.CUBIC, 0.0, 8));
    assertThat(policy.recover().epochs()).isEqualTo(1);
    assertThat(policy.recover().optimizer()).isEqualTo(Optimizer.ADAM);
    assertThat(policy.recover().learningRate()).isEqualTo(0.001);
    assertThat(policy.recover().batch()).isEqualTo(128);
    assertThat(policy.recover().recalibrateBatchNorm()).isTrue();
    assertThat(policy.gate().maxDrop()).isEqualTo(0.01);
    assertThat(policy.minimumKept()).isEqualTo(0.02);
    assertThat(policy.sign()).isEqualTo(Policy.Sign.POSITIVE);
    assertThat(policy.gradientSamples()).isEqualTo(512);
    assertThat(policy.budget().maxDuration()).isEqualTo(Duration.ofHours(2));
    assertThat(policy.seed()).isEqualTo(42);
  }

  @Test
  void shouldNotMixTargetsWhenACountIsGiven() {
    assertThat(PolicyReader.readYaml("{name: x, target: {delete: 500}}").target())
        .isEqualTo(new Policy.Target(null, 500L));
  }

  @Test
  void shouldTakeOneStepWhenTheScheduleIsOneShot() {
    assertThat(PolicyReader.readYaml("{name: x, schedule: {kind: one-shot}}").schedule().steps())
        .isEqualTo(1);
  }

  @Test
  void shouldAcceptFieldsThatAreNotBuiltWhenTheyAreAtTheirDefault() {
    Policy policy =
        PolicyReader.readYaml(
            """
            name: x
            fallback: []
            quantize: none
            round-to: 1
            recover: {distill: null, recalibrate-batch-norm: true}
            gate: {drop-type: absolute, min-speedup: null, per-class-max-drop: null}
            search: {enabled: false, resolution: 0.005}
            """);

    assertThat(policy).isEqualTo(PolicyReader.readYaml("name: x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          criterion: filter-l1                                   | 'criterion' filter-l1
          criterion: batch-norm-scale                            | 'criterion' batch-norm-scale
          fallback: [geometric-median]                           | 'fallback' geometric-median
          round-to: 8                                            | 'round-to' is 8
          {granularity: filter, criterion: gradient-sign}        | 'criterion' gradient-sign
          {granularity: filter, scope: erk}                      | 'scope' erk
          """)
  void shouldRefuseByNameWhenChannelsAndSingleWeightsAreMixed(String yaml, String named) {
    String fields = yaml.startsWith("{") ? "{name: x, " + yaml.substring(1) : "name: x\n" + yaml;
    Reason reason = refusal(fields).reason();

    assertThat(reason.code()).isEqualTo(POLICY_INVALID);
    assertThat(reason.message()).contains(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "magnitude",
        "filter-l1",
        "filter-l2",
        "batch-norm-scale",
        "geometric-median",
        "taylor",
        "taylor-signed",
        "snip",
        "lamp",
        "random"
      })
  void shouldTakeChannelsWithEveryCriterionThatScoresThem(String criterion) {
    Policy policy =
        PolicyReader.readYaml(
            "{name: x, granularity: filter, round-to: 8, criterion: %s}".formatted(criterion));

    assertThat(policy.granularity()).isEqualTo(Granularity.FILTER);
    assertThat(policy.roundTo()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "gradient-sign, GRADIENT_SIGN",
    "taylor-signed, TAYLOR_SIGNED",
    "taylor, TAYLOR",
    "snip, SNIP"
  })
  void shouldTakeSignAndSamplesWhenACriterionUsesGradients(String name, Criterion criterion) {
    Policy policy =
        PolicyReader.readYaml(
            "{name: x, criterion: %s, fallback: [%s], sign: negative, gradient-samples: 64}"
                .formatted(name, name.equals("gradient-sign") ? "lamp" : "gradient-sign"));

    assertThat(policy.criterion()).isEqualTo(criterion);
    assertThat(criterion.wire()).isEqualTo(name);
    assertThat(policy.sign()).isEqualTo(Policy.Sign.NEGATIVE);
    assertThat(policy.gradientSamples()).isEqualTo(64);
  }

  @Test
  void shouldTakeAStepForEachValueWhenTheScheduleIsExplicit() {
    Policy policy =
        PolicyReader.readYaml(
            "{name: x, target: {sparsity: 0.5}, schedule: {kind: explicit, values: [0.3, 0.5]}}");

    assertThat(policy.schedule().steps()).isEqualTo(2);
    assertThat(policy.schedule().values()).containsExactly(0.3, 0.5);
  }

  @Test
  void shouldTakeEveryMetricOfTheSchemaWhenItIsNamed() {
    for (JsonNode name : Schemas.policy().document().at("/$defs/metric/enum")) {
      String yaml = "{name: x, gate: {metric: %s, drop-type: relative}}".formatted(name.asText());
      Policy.Gate gate = PolicyReader.readYaml(yaml).gate();

      assertThat(gate.metric().wire()).isEqualTo(name.asText());
      assertThat(gate.dropType()).isEqualTo(Policy.Gate.DropType.RELATIVE);
    }
  }

  @Test
  void shouldRefuseSomethingWhenThePolicyHasEverything() {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> PolicyReader.read(example("policy-everything")));

    assertThat(refusal.reason().code()).isIn(POLICY_NOT_SUPPORTED, POLICY_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "{name: X}",
        "{name: x, colour: red}",
        "{name: x, target: {sparsity: 1}}",
        "{name: x, target: {sparsity: -0.1}}",
        "{name: x, target: {sparsity: .nan}}",
        "{name: x, target: {sparsity: '0.5'}}",
        "{name: x, target: {}}",
        "{name: x, target: {sparsity: 0.5, delete: 5}}",
        "{name: x, target: {delete: 0}}",
        "{name: x, schedule: {steps: 0}}",
        "{name: x, schedule: {kind: one-shot, steps: 3}}",
        "{name: x, schedule: {from: 0.95}}",
        "{name: x, schedule: {kind: explicit}}",
        "{name: x, schedule: {values: [0.5]}}",
        "{name: x, target: {sparsity: 0.5}, schedule: {kind: explicit, values: [0.6, 0.5]}}",
        "{name: x, target: {sparsity: 0.6}, schedule: {kind: explicit, values: [0.4, 0.5]}}",
        "{name: x, target: {delete: 9}, schedule: {kind: explicit, values: [0.4, 0.5]}}",
        "{name: x, recover: {batch: 0}}",
        "{name: x, recover: {learning-rate: 0}}",
        "{name: x, recover: {learning-rate: 1.5}}",
        "{name: x, gate: {confidence: 0.4}}",
        "{name: x, gate: {confidence: 1}}",
        "{name: x, minimum-kept: 1}",
        "{name: x, budget: {max-duration: PT0S}}",
        "{name: x, budget: {max-duration: P}}",
        "{name: x, budget: {max-duration: -PT1H}}",
        "{name: x, criterion: obs, granularity: {n: 2, m: 4}, target: {sparsity: 0.5}}",
        "{name: x, gradient-samples: 0}",
        "{name: x, sign: both}",
        "{name: x, seed: 1.5}",
        "{name: x, exclude: ['(']}",
        "{name: x, exclude: ['(?=a)']}",
        "{name: x, exclude: ['((a{999}){999}){999}']}",
        "{name: x, overrides: [{layers: '[', max-sparsity: 0.5}]}",
        "{name: x, overrides: [{layers: a}]}",
        "{name: x, criterion: movement, recover: {epochs: 0}}",
        "{name: x, fallback: [movement], recover: {epochs: 0}}",
        "{name: x, name: y}",
        "name: &n x\nexclude: [*n]",
        "name: x\n---\nname: y",
        "name: [",
        "!!javax.script.ScriptEngineManager [name]"
      })
  void shouldRefuseThePolicyWhenItIsInvalid(String yaml) {
    assertThat(refusal(yaml).reason().code()).isEqualTo(POLICY_INVALID);
  }

  @Test
  void shouldRefuseThePolicyWhenItIsDeepOrLong() {
    assertThat(refusal("name: " + "[".repeat(10_000)).reason().code()).isEqualTo(POLICY_INVALID);
    assertThat(refusal("# " + "x".repeat(1 << 20) + "\nname: x").reason().code())
        .isEqualTo(POLICY_INVALID);
  }

  @Test
  void shouldFindTheBuiltInPolicyWhenItIsNamed() {
    Policy builtIn = BuiltInPolicies.find("gradual-90").orElseThrow();

    assertThat(builtIn.name()).isEqualTo("gradual-90");
    assertThat(builtIn.target().sparsity()).isEqualTo(0.9);
    assertThat(BuiltInPolicies.find("gradual-91")).isEmpty();
  }

  private static Refusal refusal(String yaml) {
    return catchThrowableOfType(Refusal.class, () -> PolicyReader.readYaml(yaml));
  }
}
