package dev.espalier.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What crosses from the engine and to it comes out as it went in. */
class SealedJsonTest {

  static Stream<Progress> progress() {
    return Stream.of(
        new Progress.Ready(),
        new Progress.Heartbeat(12_345_678_901L),
        new Progress.StageStarted(Progress.Stage.RECOVER),
        new Progress.Advanced(0.25),
        new Progress.StepFinished(3, 8, 0.71, 0.86),
        new Progress.CheckpointWritten(3, "3.ckpt"));
  }

  static Stream<EngineOutcome> outcomes() {
    JsonNode pruned = JsonTrees.example("model-result-pruned");
    ModelResult result = ContractJson.mapper().convertValue(pruned, ModelResult.class);
    return Stream.of(
        new EngineOutcome.Judged(
            result.input(),
            result.output(),
            result.policy(),
            result.result(),
            result.gate(),
            result.latency(),
            result.memory(),
            result.engine(),
            result.timing().phases(),
            1),
        new EngineOutcome.Evaluated(
            Metric.ACCURACY, 0.9, 10, 9L, Arrays.asList(1.0, null, 0.8), Task.CLASSIFICATION, null),
        new EngineOutcome.Evaluated(Metric.RMSE, 0.9, 10, null, null, Task.REGRESSION, "second"),
        new EngineOutcome.Inspected(
            ModelFormat.DL4J,
            "deeplearning4j",
            10,
            9,
            10L,
            List.of(new EngineOutcome.Inspected.Layer("0_W", "0", List.of(5L, 2L), 9, true, 10L)),
            Map.of("Gemm", 1),
            new EngineOutcome.Inspected.Supports(true, false, List.of("later"))),
        new EngineOutcome.Verified(100, 0.86, 5_000),
        new EngineOutcome.Refused(new Reason(ReasonCode.MODEL_MALFORMED, "truncated")),
        new EngineOutcome.Failed(new Reason(ReasonCode.ENGINE_CRASHED, "gone")));
  }

  @ParameterizedTest
  @MethodSource("progress")
  void shouldComeOutAsItWentInWhenProgressIsWritten(Progress progress) throws Exception {
    String line = ContractJson.mapper().writeValueAsString(progress);

    assertThat(line).doesNotContain("\n");
    assertThat(ContractJson.mapper().readValue(line, Progress.class)).isEqualTo(progress);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void shouldComeOutAsItWentInWhenAnOutcomeIsWritten(EngineOutcome outcome) throws Exception {
    String json = ContractJson.mapper().writeValueAsString(outcome);

    assertThat(ContractJson.mapper().readValue(json, EngineOutcome.class)).isEqualTo(outcome);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"event\":\"dance\"}",
        "{\"event\":\"heartbeat\"}",
        "{\"event\":\"heartbeat\",\"work\":\"7\"}",
        "{\"event\":\"java.lang.Runtime\"}",
        "{\"event\":\"ready\"} {}"
      })
  void shouldNotBeProgressWhenALineIsNotExactlyThat(String line) {
    assertThatThrownBy(() -> ContractJson.mapper().readValue(line, Progress.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void shouldComeOutAsItWentInWhenAJobIsWritten() throws Exception {
    JobSpec spec =
        new JobSpec(
            JobSpec.Operation.PRUNE,
            Path.of("/work dir/ä"),
            Path.of("/data/model.onnx"),
            Path.of("/data/val.npz"),
            null,
            ModelFormat.ONNX,
            Task.CLASSIFICATION,
            new JobSpec.Preprocess(0.1, List.of(1.0), List.of()),
            BuiltInPolicies.gradual90(),
            null,
            false,
            1);
    String json = ContractJson.mapper().writeValueAsString(spec);

    assertThat(ContractJson.mapper().readValue(json, JobSpec.class)).isEqualTo(spec);
  }
}
