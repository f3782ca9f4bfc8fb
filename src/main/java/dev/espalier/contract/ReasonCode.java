package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The closed, stable list of reasons used in results, dead letters and on standard error. */
public enum ReasonCode {
  NOT_A_CLOUDEVENT,
  SCHEMA_VIOLATION,
  CONFLICTING_DUPLICATE,
  UNKNOWN_POLICY,
  POLICY_INVALID,
  POLICY_NOT_SUPPORTED,
  BUCKET_NOT_ALLOWED,
  OBJECT_MISSING,
  OBJECT_TOO_LARGE,
  OBJECT_CHANGED,
  CHECKSUM_MISMATCH,
  FORMAT_UNKNOWN,
  FORMAT_UNSUPPORTED_VERSION,
  ARCHIVE_MALFORMED,
  ARCHIVE_ENTRY_NOT_ALLOWED,
  ARCHIVE_BOMB,
  MODEL_MALFORMED,
  MODEL_HAS_CODE,
  MODEL_INCOMPLETE,
  EXTERNAL_DATA,
  OPERATOR_UNSUPPORTED,
  LAYER_UNSUPPORTED,
  UNSUPPORTED_MASK,
  TENSOR_INVALID,
  WEIGHTS_NOT_FINITE,
  NOTHING_TO_PRUNE,
  GRAPH_TOO_LARGE,
  DOES_NOT_FIT,
  DATA_MALFORMED,
  DATA_MISMATCH,
  DATA_TOO_FEW,
  LABELS_INVALID,
  ENGINE_CRASHED,
  ENGINE_OUT_OF_MEMORY,
  ENGINE_STALLED,
  DEADLINE_EXCEEDED,
  ATTEMPTS_EXHAUSTED,
  SUPERSEDED,
  CANCELLED,
  GATE_FAILED,
  NO_BENEFIT,
  TARGET_NOT_REACHED;

  /** The code as written on the wire, for example {@code object-missing}. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant of a wire name.
   *
   * @throws IllegalArgumentException when the list does not hold it
   */
  @JsonCreator
  public static ReasonCode of(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
