package dev.espalier.contract;

/**
 * Names used in CloudEvents 1.0 and its Kafka protocol binding, binary mode. Attributes are record
 * headers with the prefix {@code ce_}; the data are the record's value.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
 *     1.0</a>
 */
public final class CloudEvents {
  /** The version of the specification, the value of {@link #SPEC_VERSION_HEADER}. */
  public static final String SPEC_VERSION = "1.0";

  public static final String SPEC_VERSION_HEADER = "ce_specversion";
  public static final String ID_HEADER = "ce_id";
  public static final String SOURCE_HEADER = "ce_source";
  public static final String TYPE_HEADER = "ce_type";
  public static final String SUBJECT_HEADER = "ce_subject";
  public static final String TIME_HEADER = "ce_time";
  public static final String DATA_SCHEMA_HEADER = "ce_dataschema";

  /** Id of the event that caused this one. */
  public static final String CAUSATION_ID_HEADER = "ce_causationid";

  /** Id of the training run, which ties all events about it together. */
  public static final String CORRELATION_ID_HEADER = "ce_correlationid";

  /** Partitioning extension: the model's name. */
  public static final String PARTITION_KEY_HEADER = "ce_partitionkey";

  /** Media type of the data; in the Kafka binding this attribute has no prefix. */
  public static final String CONTENT_TYPE_HEADER = "content-type";

  /** W3C Trace Context, passed through as it came. */
  public static final String TRACE_PARENT_HEADER = "traceparent";

  /** W3C Trace Context, passed through as it came. */
  public static final String TRACE_STATE_HEADER = "tracestate";

  public static final String JSON = "application/json";

  /** Media type that marks a record in structured mode: the whole event is its value. */
  public static final String STRUCTURED_JSON = "application/cloudevents+json";

  public static final String MODEL_TRAINED = "dev.espalier.model.trained.v1";
  public static final String MODEL_PRUNED = "dev.espalier.model.pruned.v1";
  public static final String MODEL_NOT_PRUNED = "dev.espalier.model.not-pruned.v1";

  private CloudEvents() {}

  /** Source of the events of a deployment, wherever its pods run. */
  public static String source(String deployment) {
    return "/espalier/" + deployment;
  }

  /** Subject of the events about one version of a model. */
  public static String subject(String modelName, String modelVersion) {
    return "models/" + modelName + ":" + modelVersion;
  }

  /** Type of the event that announces a verdict. */
  public static String resultType(Verdict verdict) {
    return verdict == Verdict.PRUNED ? MODEL_PRUNED : MODEL_NOT_PRUNED;
  }
}
