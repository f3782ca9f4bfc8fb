package dev.espalier.contract;

import static dev.espalier.contract.ReasonCode.POLICY_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read who mistyped a policy. */
class PolicyMessagesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          recover: {batch: 0}                   | policy field 'recover.batch' is 0; it must be an integer from 1 to 65536
          recover: {batch: 1.5}                 | policy field 'recover.batch' is 1.5; it must be an integer from 1 to 65536
          recover: {learning-rate: 2}           | policy field 'recover.learning-rate' is 2; it must be a number above 0 and at most 1
          recover: {clip-norm: -1}              | policy field 'recover.clip-norm' is -1; it must be a number above 0 and at most 1000000, or null
          recover: {epochs: many}               | policy field 'recover.epochs' is "many"; it must be an integer from 0 to 1000
          minimum-kept: 1                       | policy field 'minimum-kept' is 1; it must be a number from 0 and below 1
          gate: {metric: acuracy}               | policy field 'gate.metric' is "acuracy"; it must be one of accuracy, top-5-accuracy, macro-f1, auc, loss, rmse, mae, r2
          sign: both                            | policy field 'sign' is "both"; it must be one of positive, negative, any
          fallback: [lamb]                      | policy field 'fallback[0]' is "lamb"; it must be one of magnitude,
          fallback: [lamp, lamp]                | policy field 'fallback' is ["lamp","lamp"]; it must be a list of at most 8 criteria, each once
          search: {enabled: 'yes'}              | policy field 'search.enabled' is "yes"; it must be true or false
          target: {sparsity: 90}                | policy field 'target.sparsity' is 90; it must be a number from 0 and below 1
          target: {}                            | policy field 'target' is {}; it must be either {sparsity: S} or {delete: COUNT}
          target: 0.9                           | policy field 'target' is 0.9; it must be either {sparsity: S} or {delete: COUNT}
          schedule: {kind: one-shot, steps: 3}  | policy field 'schedule.steps' is 3; it must be left out, or 1, for the kind one-shot
          granularity: channel                  | policy field 'granularity' is "channel"; it must be weight, filter, {block: [ROWS, COLUMNS]} or {n: N, m: M}
          granularity: {n: 2}                   | policy field 'granularity' is {"n":2}; it must be weight,
          granularity: {n: 2, m: 99}            | policy field 'granularity.m' is 99; it must be an integer from 2 to 64
          granularity: {block: [4]}             | policy field 'granularity.block' is [4]; it must be two integers from 1 to 256
          granularity: {block: [4, 0]}          | policy field 'granularity.block[1]' is 0; it must be an integer from 1 to 256
          budget: {max-duration: 2h}            | policy field 'budget.max-duration' is "2h"; it must be a duration such as PT30M, PT2H or P1DT12H
          overrides: [{layers: a}]              | policy field 'overrides[0].max-sparsity' is missing
          exclude: output                       | policy field 'exclude' is "output"; it must be a list of at most 64 expressions
          recover: {batch-size: 3}              | there is no policy field 'recover.batch-size'; 'recover' has epochs, optimizer, learning-rate,
          recover: {epoch: 3}                   | there is no policy field 'recover.epoch'; did you mean 'recover.epochs'?
          gate: {max_drop: 0.1}                 | there is no policy field 'gate.max_drop'; did you mean 'gate.max-drop'?
          max-drop: 0.1                         | there is no policy field 'max-drop'; did you mean 'gate.max-drop'?
          max_trials: 3                         | there is no policy field 'max_trials'; did you mean 'search.max-trials'?
          colour: red                           | there is no policy field 'colour'; there are name, criterion,
          """)
  void shouldNameFieldValueAndChoices(String yaml, String message) {
    assertThat(message("name: x\n" + yaml)).startsWith(message);
  }

  @Test
  void shouldSayWhatAPolicyIsWhenItIsNone() {
    assertThat(message("[]")).startsWith("a policy is a group of fields");
    assertThat(message("")).startsWith("a policy is a group of fields");
    assertThat(message("{seed: 1}")).isEqualTo("policy field 'name' is missing");
    assertThat(message("name: Half")).contains("'name' is \"Half\"; it must be 1 to 64 of");
  }

  @Test
  void shouldTellSeveralAtOnce() {
    assertThat(message("name: x\nsign: no\nseed: -1"))
        .contains("'sign' is ")
        .contains(". policy field 'seed' is -1");
  }

  /** Each would have no effect beside the others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          sign: negative                                             | 'sign' is "negative", which only the criterion gradient-sign can use
          gradient-samples: 64                                       | 'gradient-samples' is 64, which only criteria that look at samples
          schedule: {kind: one-shot, from: 0.1}                      | 'schedule.from' is 0.1, which only schedules that are curves
          recover: {momentum: 0.5}                                   | 'recover.momentum' is 0.5, which only the optimizer sgd
          recover: {optimizer: sgd, weight-decay: 0.5}               | 'recover.weight-decay' is 0.5, which only the optimizer adamw
          search: {max-trials: 3}                                    | 'search.max-trials' is given without 'search.enabled'
          recover: {epochs: 0, learning-rate: 0.01}                  | 'recover.learning-rate' is 0.01, which only recovery of at least one of 'epochs'
          recover: {epochs: 0, optimizer: sgd}                       | 'recover.optimizer' is "sgd", which only recovery
          recover: {epochs: 0, clip-norm: 1}                         | 'recover.clip-norm' is 1, which only recovery
          recover: {epochs: 0, early-stop: 2}                        | 'recover.early-stop' is 2, which only recovery
          recover: {epochs: 0, distill: {temperature: 4, weight: 0.4}} | 'recover.distill' is
          recover: {epochs: 0, recalibrate-batch-norm: false, batch: 64} | 'recover.batch' is 64, which only recovery, recalibration
          search: {enabled: false, max-trials: 3}                    | 'search.max-trials' is 3, which only a search that is enabled
          search: {enabled: false, resolution: 0.1}                  | 'search.resolution' is 0.1, which only a search that is enabled
          criterion: lamp\\nscope: layer                             | 'scope' is "layer", which only criteria other than lamp
          granularity: {n: 2, m: 4}\\nschedule: {kind: one-shot}\\nscope: erk | 'scope' is "erk", which only the way of several steps
          fallback: [magnitude]                                      | 'fallback' names 'magnitude', which is tried before it already
          target: {sparsity: 0.5}\\nschedule: {kind: explicit, values: [0.5], steps: 4} | 'schedule.steps' is 4, but there are 1 'values'
          """)
  void shouldRefuseByNameWhenAFieldWouldBeIgnored(String yaml, String message) {
    assertThat(message("name: x\n" + yaml.replace("\\n", "\n"))).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          target: {sparsity: 0.9}        | 'target' must be left out for the granularity 2:4, or be its sparsity, 0.5
          target: {delete: 5}            | 'target' must be left out
          search: {enabled: true}        | 'search.enabled' does not go with the granularity 2:4
          minimum-kept: 0.6              | 'minimum-kept' is 0.6; the granularity 2:4 keeps 0.5
          overrides: [{layers: a, max-sparsity: 0.3}] | 'overrides' caps 'a' at 0.3
          """)
  void shouldRefuseByNameWhenAFieldContradictsAPattern(String yaml, String message) {
    assertThat(message("name: x\ngranularity: {n: 2, m: 4}\n" + yaml)).contains(message);
  }

  @Test
  void shouldTakeThePatternsSparsityForItsTarget() {
    Policy thirds = PolicyReader.readYaml("{name: x, granularity: {n: 1, m: 3}}");

    assertThat(thirds.target().sparsity()).isEqualTo(1 - 1.0 / 3);
    assertThat(PolicyReader.read(ContractJson.mapper().valueToTree(thirds))).isEqualTo(thirds);
    assertThat(message("{name: x, granularity: {n: 4, m: 4}}")).contains("must be below 'm', 4");
  }

  private static String message(String yaml) {
    Reason reason = catchThrowableOfType(Refusal.class, () -> PolicyReader.readYaml(yaml)).reason();
    assertThat(reason.code()).isEqualTo(POLICY_INVALID);
    return reason.message();
  }
}
