package dev.espalier.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {
  private static final Path EXAMPLES = Path.of("schemas", "examples");

  private static final Sha256 TRAINING = Sha256.of(new byte[] {1});

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"pruned", "rejected", "no-benefit"})
  void shouldStandAloneAndSayTheVerdict(String verdict) throws IOException {
    String page = page(example(verdict));

    assertThat(page)
        .contains("<span class=\"verdict " + verdict + "\">" + verdict + "</span>")
        .doesNotContain("<script", "http://", "https://", "src=", "{{", "@import", "url(");
    assertThat(page).contains(TRAINING.hex(), "--train");
    assertThat(page)
        .contains("<polyline", "role=\"img\"", "prefers-color-scheme: dark", "@media print");
  }

  @Test
  void shouldEscapeNamesThatAreMarkup() throws IOException {
    ObjectNode example = example("pruned");
    ((ObjectNode) example.at("/result/layers/0")).put("name", "<img src=x onerror=alert(1)>");

    String page = page(example);

    assertThat(page).contains("&lt;img src").doesNotContain("<img");
  }

  @Test
  void shouldShowEveryTensorOfAModelOfThousands() throws IOException {
    ObjectNode example = example("pruned");
    ArrayNode layers = (ArrayNode) example.at("/result/layers");
    JsonNode first = layers.get(0);
    for (int i = 0; i < 3_000; i++) {
      layers.add(((ObjectNode) first.deepCopy()).put("name", "tensor-" + i));
    }

    assertThat(page(example)).contains(">tensor-0</th>", ">tensor-2999</th>");
  }

  @Test
  void shouldWriteAModelCardWithTheEvaluation() throws IOException {
    page(example("pruned"));

    assertThat(Files.readString(directory.resolve("model-card.md")))
        .contains("**Verdict: pruned.**", "| tolerance |", "```json")
        .doesNotContain("{{");
  }

  @Test
  void shouldStateWhatAPrunedModelIsMadeFromAndNothingOfARejectedOne() throws IOException {
    page(example("rejected"));
    assertThat(directory.resolve("attestation.json")).doesNotExist();
    ObjectNode example = example("pruned");

    page(example);

    JsonNode statement =
        new ObjectMapper().readTree(directory.resolve("attestation.json").toFile());
    assertThat(statement.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(statement.path("predicateType").asText())
        .isEqualTo("https://slsa.dev/provenance/v1");
    assertThat(statement.at("/subject/0/digest/sha256").asText())
        .isEqualTo(example.at("/output/sha256").asText());
    assertThat(statement.at("/predicate/buildDefinition/resolvedDependencies"))
        .extracting(input -> input.at("/digest/sha256").asText())
        .containsExactly(
            example.at("/input/sha256").asText(),
            example.at("/gate/evaluationSet/sha256").asText(),
            TRAINING.hex());
  }

  @Test
  void shouldDrawWhatEachPartLosesAndLeaveOutWhatWasNotMeasured() throws IOException {
    List<JobPlan.Sensitivity> profile =
        List.of(
            new JobPlan.Sensitivity("conv1", 0.5, 0.9, 0.01),
            new JobPlan.Sensitivity("conv1", 0.9, 0.51, 0.4),
            new JobPlan.Sensitivity("<fc>", 0.9, 0.93, -0.02));

    String page = page(example("pruned"), profile);

    assertThat(page)
        .contains("50 % gone", "90 % gone", "&lt;fc&gt;", "0.4000", "-0.0200", "–")
        .contains("width:100.0%", "width:2.5%", "width:0.0%");
    assertThat(Files.readString(directory.resolve("report.json"))).contains("\"sensitivity\"");
    assertThat(page(example("pruned"))).doesNotContain("id=\"sensitivity\"");
  }

  private String page(ObjectNode example) throws IOException {
    return page(example, null);
  }

  private String page(ObjectNode example, List<JobPlan.Sensitivity> profile) throws IOException {
    ModelResult result = ContractJson.mapper().treeToValue(example, ModelResult.class);
    Judged judged =
        new Judged(
            result.input(),
            result.output(),
            result.policy(),
            result.result(),
            result.gate(),
            result.latency(),
            result.memory(),
            result.engine(),
            Map.of("prune", 1.0),
            null,
            profile);
    ReportFile.write(judged, TRAINING, directory);
    assertThat(List.of("report.json", "report.html", "model-card.md"))
        .allSatisfy(name -> assertThat(directory.resolve(name)).isNotEmptyFile());
    return Files.readString(directory.resolve("report.html"));
  }

  private static ObjectNode example(String verdict) throws IOException {
    return (ObjectNode)
        new ObjectMapper().readTree(EXAMPLES.resolve("model-result-" + verdict + ".json").toFile());
  }
}
