package dev.espalier.contract;

import static dev.espalier.contract.JsonTrees.BY_VALUE;
import static dev.espalier.contract.JsonTrees.example;
import static dev.espalier.contract.JsonTrees.parse;
import static dev.espalier.contract.JsonTrees.throughRecord;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenExamplesTest {

  @ParameterizedTest
  @ValueSource(strings = {"model-trained-minimal", "model-trained-full"})
  void shouldSurviveTheRecordWhenAnEventIsRead(String name) {
    assertThat(Schemas.modelTrained().violations(example(name))).isEmpty();
    assertSameBothWays(example(name), ModelTrained.class);
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void shouldSurviveTheRecordWhenAResultIsRead(Verdict verdict) {
    JsonNode result = example("model-result-" + verdict.wire());

    assertThat(Schemas.modelResult().violations(result)).isEmpty();
    assertSameBothWays(result, ModelResult.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy-minimal", "policy-foundation", "policy-everything"})
  void shouldBeValidWhenAPolicyIsInTheContract(String name) {
    assertThat(Schemas.policy().violations(example(name))).isEmpty();
  }

  @Test
  void shouldKeepEveryValueWhenAPolicySetsThemAll() {
    JsonNode given = example("policy-foundation");

    JsonNode written = ContractJson.mapper().valueToTree(PolicyReader.read(given));

    assertThat(parse(written.toString()).equals(BY_VALUE, given)).as("%s", written).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pruned", "rejected", "no-benefit"})
  void shouldHaveTheDigestOfItsPolicyWhenAResultHasOne(String verdict) throws IOException {
    ModelResult.EffectivePolicy policy =
        ContractJson.mapper()
            .treeToValue(example("model-result-" + verdict), ModelResult.class)
            .policy();

    assertThat(policy.digest()).isEqualTo(PolicyDigest.of(policy.values()));
  }

  @Test
  void shouldAcceptWhatLaterVersionsReportWhenAResultHasIt() {
    ObjectNode result = example("model-result-pruned");
    result.set(
        "latency",
        parse(
            """
            {"runtime": "onnxruntime 1.29.0", "batch": 1, "before": 1.9, "after": 0.5,
             "ratioBound": 3.6, "unit": "ms", "repetitions": 30}"""));
    object(result, "output")
        .set("archive", parse("{\"uri\": \"s3://pruned/a/model.sparse\", \"bytes\": 90000}"));
    object(result, "result")
        .put("gradientSamples", 512)
        .put("macsBefore", 4_100_000)
        .put("macsAfter", 1_000_000)
        .set("candidates", parse("[{\"sparsity\": 0.9, \"metric\": 0.86, \"bytes\": 120034}]"));
    object(result, "links").put("modelCard", "s3://pruned/a/model-card.md");

    assertThat(Schemas.modelResult().violations(result)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pruned, /output",
    "pruned, /gate",
    "pruned, /policy",
    "pruned, /result/sparsity",
    "pruned, /result/trajectory",
    "pruned, /input/sha256",
    "rejected, /result/reason",
    "rejected, /policy",
    "no-benefit, /gate",
    "refused, /result/reason",
    "failed, /result/reason/code",
    "superseded, /result/reason",
    "superseded, /timing/started",
    "refused, /job/id"
  })
  void shouldBeInvalidWhenAVerdictLacksItsPart(String verdict, String pointer) {
    ObjectNode result = example("model-result-" + verdict);
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) result.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));

    assertThat(Schemas.modelResult().violations(result)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pruned", "rejected", "no-benefit"})
  void shouldLinkTheReportWhenAResultLeavesItsLayersOut(String verdict) {
    ObjectNode result = example("model-result-" + verdict);
    object(result, "result").remove("layers");
    assertThat(Schemas.modelResult().violations(result)).isEmpty();

    result.remove("links");

    assertThat(Schemas.modelResult().violations(result)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rejected", "no-benefit", "refused", "failed", "superseded"})
  void shouldBeInvalidWhenAnUnacceptedResultHasAModelToDeploy(String verdict) {
    ObjectNode result = example("model-result-" + verdict);
    result.set("output", example("model-result-pruned").get("output"));

    assertThat(Schemas.modelResult().violations(result)).isNotEmpty();
  }

  @Test
  void shouldListEveryReasonCodeWhenTheSchemaIsRead() {
    JsonNode listed = Schemas.modelResult().document().at("/$defs/reasonCode/enum");

    assertThat(listed)
        .map(JsonNode::textValue)
        .containsExactly(
            java.util.Arrays.stream(ReasonCode.values())
                .map(ReasonCode::wire)
                .toArray(String[]::new));
  }

  private static void assertSameBothWays(JsonNode tree, Class<?> type) {
    JsonNode again = throughRecord(tree, type);
    assertThat(again.equals(BY_VALUE, tree)).as("%s", again).isTrue();
  }

  private static ObjectNode object(ObjectNode parent, String name) {
    return (ObjectNode) parent.get(name);
  }
}
