package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ByProduct;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Schemas;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.publish.ResultRecord;
import dev.espalier.worker.storage.S3Uri;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultEventsTest {
  private static final Instant STARTED = Instant.parse("2026-11-24T08:00:01Z");
  private static final Instant FINISHED = Instant.parse("2026-11-24T08:05:00Z");

  private final ResultEvents events =
      new ResultEvents(TestConfig.with("espalier.deployment", "blue"));
  private final JobState.Admitted admitted =
      new JobState.Admitted(Jobs.running(), STARTED, "1.2.3");

  @Test
  void shouldWriteEventOfTheContractWhenJobWasRefused() throws JsonProcessingException {
    ModelResult result = refused();
    ResultRecord record = events.record(Jobs.job(), result);
    assertThat(record.topic()).isEqualTo("model-not-pruned");
    assertThat(record.key()).isEqualTo("cnn");
    assertThat(record.headers())
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_type", "dev.espalier.model.not-pruned.v1")
        .containsEntry("ce_source", "/espalier/blue")
        .containsEntry("ce_subject", "models/cnn:42")
        .containsEntry("ce_id", Jobs.job().id().resultEventId().toString())
        .containsEntry("ce_time", FINISHED.toString())
        .containsEntry("ce_causationid", "event-1")
        .containsEntry("ce_correlationid", "run-7")
        .containsEntry("ce_partitionkey", "cnn")
        .containsEntry("ce_dataschema", Schemas.modelResult().id())
        .containsEntry("content-type", "application/json")
        .doesNotContainKeys("traceparent", "tracestate");
    JsonNode value = ContractJson.mapper().readTree(record.value());
    assertThat(Schemas.modelResult().violations(value)).isEmpty();
    assertThat(value.at("/job/source/offset").asLong()).isEqualTo(9);
    assertThat(value.at("/result/reason/code").asText()).isEqualTo("object-missing");
    assertThat(value.at("/lineage/purl").asText()).isEqualTo("pkg:generic/cnn@42");
  }

  @Test
  void shouldWriteSameBytesWhateverTheMoment() {
    assertThat(events.record(Jobs.job(), refused()))
        .isEqualTo(events.record(Jobs.job(), refused()));
  }

  @Test
  void shouldReplacePathsOfThisMachineWhenEngineHasJudged() throws Exception {
    ModelResult example = example();
    EngineOutcome.Judged judged =
        new EngineOutcome.Judged(
            new ModelResult.Input("file:///scratch/model", null, null, null),
            null,
            example.policy(),
            example.result(),
            example.gate(),
            example.latency(),
            example.memory(),
            example.engine(),
            Map.of("prune", 1.0),
            3);
    Artifacts.Pushed pushed =
        new Artifacts.Pushed(
            null,
            null,
            null,
            Map.of(ByProduct.REPORT, new S3Uri("espalier", "artifacts/x/2/report.html")));
    ModelResult result =
        admitted
            .fetched(example.policy().values(), new Inputs(Path.of("m"), Path.of("v"), null))
            .attempting(new Attempt(2, 3))
            .declined(judged, pushed)
            .concluded(Map.of("prune", 1.0), FINISHED)
            .result();
    assertThat(result.input().uri()).isEqualTo("s3://models/cnn/42/model.onnx");
    assertThat(result.gate().evaluationSet().uri()).isEqualTo("s3://datasets/val.npz");
    assertThat(result.links().report()).isEqualTo("s3://espalier/artifacts/x/2/report.html");
    assertThat(result.job().attempt()).isEqualTo(2);
    assertThat(result.job().resumedFrom()).isEqualTo(3);
  }

  @Test
  void shouldLeaveLayersToReportWhenEventWouldNotFitIntoRecord() throws Exception {
    ModelResult example = example();
    ModelResult.Result r = example.result();
    List<ModelResult.Layer> many = Collections.nCopies(20_000, r.layers().get(0));
    ModelResult large =
        new ModelResult(
            example.job(),
            example.input(),
            example.output(),
            example.policy(),
            new ModelResult.Result(
                r.verdict(),
                r.reason(),
                r.sparsity(),
                r.parametersBefore(),
                r.parametersAfter(),
                r.nonZero(),
                r.deleted(),
                r.gradientSamples(),
                r.macsBefore(),
                r.macsAfter(),
                r.task(),
                r.recovery(),
                r.leftAlone(),
                many,
                r.candidates(),
                r.trajectory()),
            example.gate(),
            example.latency(),
            example.memory(),
            example.engine(),
            example.timing(),
            example.lineage(),
            example.links());
    ResultRecord record = events.record(Jobs.job(), large);
    assertThat(record.value()).hasSizeLessThan(ResultEvents.MAX_VALUE_BYTES);
    assertThat(record.topic()).isEqualTo("model-pruned");
    assertThat(Schemas.modelResult().violations(ContractJson.mapper().readTree(record.value())))
        .isEmpty();
  }

  private ModelResult refused() {
    return admitted
        .refused(new Reason(ReasonCode.OBJECT_MISSING, "model.uri names nothing"), FINISHED)
        .result();
  }

  private static ModelResult example() throws Exception {
    return ContractJson.mapper()
        .readValue(
            Files.readAllBytes(Path.of("schemas", "examples", "model-result-pruned.json")),
            ModelResult.class);
  }
}
