package dev.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Schemas;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class LocalResultTest {
  @TempDir Path directory;
  private final PruneInputs inputs = new PruneInputs();
  private Path engineOutput = Path.of("");
  private OutputDirectory out = new OutputDirectory(Path.of(""));

  @BeforeEach
  void makeFiles() throws IOException {
    Path model = Files.writeString(directory.resolve("mod el.onnx"), "model");
    Path data = Files.writeString(directory.resolve("data.npz"), "data");
    new CommandLine(inputs).parseArgs("--model", model.toString(), "--data", data.toString());
    engineOutput = Files.createDirectory(directory.resolve("output"));
    Files.writeString(engineOutput.resolve("model.onnx"), "pruned");
    Files.writeString(engineOutput.resolve("report.json"), "{}");
    Files.writeString(engineOutput.resolve("report.html"), "<!doctype html>");
    out = new OutputDirectory(directory.resolve("out"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"PRUNED", "REJECTED", "NO_BENEFIT"})
  void shouldPointToTheUsersFilesWhenAJobWasJudged(Verdict verdict) throws IOException {
    ModelResult result = result().of(judged(verdict), engineOutput, out);

    JsonNode json = ContractJson.mapper().valueToTree(result);
    assertThat(Schemas.modelResult().violations(json)).isEmpty();
    assertThat(json.at("/input/uri").textValue()).startsWith("file:///").endsWith("/mod%20el.onnx");
    assertThat(json.at("/gate/evaluationSet/uri").textValue()).endsWith("/data.npz");
    assertThat(json.at("/links/report").textValue()).endsWith("/out/report.html");
    assertThat(out.directory().resolve("report.json")).exists();
    assertThat(Files.exists(out.directory().resolve("model.onnx")))
        .isEqualTo(verdict == Verdict.PRUNED);
  }

  @Test
  void shouldLeaveNoOlderModelBesideTheReportWhenAJobWasRejected() throws IOException {
    Files.createDirectories(out.directory());
    Files.writeString(out.directory().resolve("model.onnx"), "of last week");
    Files.writeString(out.directory().resolve("model.zip"), "of last year");
    Files.writeString(out.directory().resolve("notes.txt"), "the user's");

    result().of(judged(Verdict.REJECTED), engineOutput, out);

    assertThat(out.directory().toFile().list())
        .containsExactlyInAnyOrder("report.json", "report.html", "notes.txt");
  }

  @Test
  void shouldBeRefusedAndWriteNothingWhenTheEngineRefuses() throws IOException {
    Reason reason = new Reason(ReasonCode.MODEL_MALFORMED, "truncated");

    ModelResult result = result().of(new EngineOutcome.Refused(reason), engineOutput, out);

    assertThat(Schemas.modelResult().violations(ContractJson.mapper().valueToTree(result)))
        .isEmpty();
    assertThat(ExitCode.of(result.result().verdict())).isEqualTo(ExitCode.REFUSED);
    assertThat(out.directory()).doesNotExist();
  }

  @Test
  void shouldBeFailedWhenTheEngineCrashes() throws IOException {
    Reason reason = new Reason(ReasonCode.ENGINE_CRASHED, "gone");

    ModelResult result = result().of(new EngineOutcome.Failed(reason), engineOutput, out);

    assertThat(result.result()).isEqualTo(ModelResult.Result.of(Verdict.FAILED, reason));
    assertThat(ExitCode.of(Verdict.FAILED)).isEqualTo(ExitCode.FAILURE);
  }

  @Test
  void shouldSayWhatCountsWhenPeopleReadIt() throws IOException {
    String text = PruneText.of(result().of(judged(Verdict.PRUNED), engineOutput, out));

    assertThat(text)
        .contains("pruned")
        .contains("90.00 %")
        .contains("0.8590 before, 0.8588 after, on 5,000 samples")
        .contains("drop at most 0.0061");
  }

  @Test
  void shouldCountFiltersAndWorkWhenFiltersWereRemoved() throws IOException {
    ObjectNode json = ContractJson.mapper().valueToTree(example(Verdict.PRUNED));
    json.withObjectProperty("policy").put("granularity", "filter");
    json.withObjectProperty("result").put("macsBefore", 51_840).put("macsAfter", 35_136);

    assertThat(PruneText.of(ContractJson.mapper().treeToValue(json, ModelResult.class)))
        .contains("% of the filters and neurons that may go;")
        .contains("51,840 before, 35,136 after");
  }

  @Test
  void shouldNotBeFreeWhenTheDirectoryHoldsAnything() throws IOException {
    assertThat(out.isFree()).isTrue();
    Files.createDirectory(out.directory());
    assertThat(out.isFree()).isTrue();
    Files.writeString(out.directory().resolve("mine.txt"), "mine");
    assertThat(out.isFree()).isFalse();
  }

  private LocalResult result() throws IOException {
    return new LocalResult(inputs, inputs.jobId("policy"), Instant.parse("2026-11-24T08:00:00Z"));
  }

  private static EngineOutcome.Judged judged(Verdict verdict) throws IOException {
    ModelResult example = example(verdict);
    return new EngineOutcome.Judged(
        example.input(),
        example.output(),
        Objects.requireNonNull(example.policy()),
        example.result(),
        example.gate(),
        example.latency(),
        Objects.requireNonNull(example.memory()),
        example.engine(),
        example.timing().phases(),
        null);
  }

  private static ModelResult example(Verdict verdict) throws IOException {
    String name = "/schemas/examples/model-result-" + verdict.wire() + ".json";
    try (InputStream in = LocalResultTest.class.getResourceAsStream(name)) {
      return ContractJson.mapper().readValue(in, ModelResult.class);
    }
  }
}
