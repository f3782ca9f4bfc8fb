package dev.espalier.worker.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.CloudEvents;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.Schemas;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.publish.ResultRecord;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Results as CloudEvents in binary mode. Nothing here depends on the worker or the moment: what it
 * says about time is in the result, so the stored record is the event, byte for byte.
 */
@Singleton
class ResultEvents {
  /** Brokers take records of 1 MiB unless told otherwise; this leaves room for the headers. */
  static final int MAX_VALUE_BYTES = 900 << 10;

  private final WorkerConfig.Topics topics;
  private final String source;

  ResultEvents(WorkerConfig config) {
    this.topics = config.topics();
    this.source = CloudEvents.source(config.deployment());
  }

  /** How a result breaks the published schema; empty when it does not. */
  List<String> violations(ModelResult result) {
    JsonNode json = ContractJson.mapper().valueToTree(result);
    return Schemas.modelResult().violations(json);
  }

  /** The whole record. */
  ResultRecord record(Job job, ModelResult result) {
    Verdict verdict = result.result().verdict();
    String topic = verdict == Verdict.PRUNED ? topics.modelPruned() : topics.modelNotPruned();
    String value = json(result);
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
      value = json(withoutLayers(result));
    }
    return new ResultRecord(topic, job.data().model().name(), headers(job, result), value);
  }

  private SortedMap<String, String> headers(Job job, ModelResult result) {
    ModelTrained.Model model = job.data().model();
    ModelTrained.Run run = job.data().run();
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put(CloudEvents.SPEC_VERSION_HEADER, CloudEvents.SPEC_VERSION);
    headers.put(CloudEvents.ID_HEADER, job.id().resultEventId().toString());
    headers.put(CloudEvents.SOURCE_HEADER, source);
    headers.put(CloudEvents.TYPE_HEADER, CloudEvents.resultType(result.result().verdict()));
    headers.put(CloudEvents.SUBJECT_HEADER, CloudEvents.subject(model.name(), model.version()));
    headers.put(CloudEvents.TIME_HEADER, result.timing().finished().toString());
    headers.put(CloudEvents.DATA_SCHEMA_HEADER, Schemas.modelResult().id());
    headers.put(CloudEvents.CAUSATION_ID_HEADER, job.event().id());
    headers.put(CloudEvents.PARTITION_KEY_HEADER, model.name());
    headers.put(CloudEvents.CONTENT_TYPE_HEADER, CloudEvents.JSON);
    putIfPresent(headers, CloudEvents.CORRELATION_ID_HEADER, run == null ? null : run.id());
    putIfPresent(headers, CloudEvents.TRACE_PARENT_HEADER, job.event().traceparent());
    putIfPresent(headers, CloudEvents.TRACE_STATE_HEADER, job.event().tracestate());
    return headers;
  }

  private static void putIfPresent(
      SortedMap<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  /** A model of thousands of tensors still gets its event; the report has them all. */
  private static ModelResult withoutLayers(ModelResult all) {
    ModelResult.Result r = all.result();
    ModelResult.Result result =
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
            r.leftAlone() == null ? null : List.of(),
            r.layers() == null ? null : List.of(),
            r.candidates(),
            r.trajectory());
    return new ModelResult(
        all.job(),
        all.input(),
        all.output(),
        all.policy(),
        result,
        all.gate(),
        all.latency(),
        all.memory(),
        all.engine(),
        all.timing(),
        all.lineage(),
        all.links());
  }

  private static String json(ModelResult result) {
    try {
      return ContractJson.mapper().writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("results are plain records", e);
    }
  }
}
