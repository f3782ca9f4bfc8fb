package dev.espalier.worker.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/**
 * Attributes of spans: those of OpenTelemetry's semantic conventions 1.37 for messaging and
 * CloudEvents, and our own.
 */
final class SpanNames {
  static final String KAFKA = "kafka";
  static final AttributeKey<String> MESSAGING_SYSTEM = AttributeKey.stringKey("messaging.system");
  static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  static final AttributeKey<String> OPERATION_NAME =
      AttributeKey.stringKey("messaging.operation.name");
  static final AttributeKey<String> DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  static final AttributeKey<String> EVENT_ID = AttributeKey.stringKey("cloudevents.event_id");
  static final AttributeKey<String> EVENT_SOURCE =
      AttributeKey.stringKey("cloudevents.event_source");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  static final AttributeKey<String> JOB = AttributeKey.stringKey("espalier.job.id");
  static final AttributeKey<String> MODEL_NAME = AttributeKey.stringKey("espalier.model.name");
  static final AttributeKey<String> MODEL_VERSION =
      AttributeKey.stringKey("espalier.model.version");
  static final AttributeKey<Boolean> REDELIVERED =
      AttributeKey.booleanKey("espalier.record.redelivered");
  static final AttributeKey<String> VERDICT = AttributeKey.stringKey("espalier.verdict");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("espalier.reason");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("espalier.attempt.number");
  static final AttributeKey<Long> RESUMED_FROM =
      AttributeKey.longKey("espalier.attempt.resumed_from");
  static final AttributeKey<Long> STEP = AttributeKey.longKey("espalier.step.number");
  static final AttributeKey<Long> STEPS = AttributeKey.longKey("espalier.step.count");
  static final AttributeKey<Double> SPARSITY = AttributeKey.doubleKey("espalier.step.sparsity");
  static final AttributeKey<Double> METRIC = AttributeKey.doubleKey("espalier.step.metric");
  static final AttributeKey<Long> UNRECORDED =
      AttributeKey.longKey("espalier.engine.spans.unrecorded");

  private SpanNames() {}
}
