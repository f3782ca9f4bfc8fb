package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a job ended. Every admitted event gets exactly one verdict. */
public enum Verdict {
  /** Pruned, and every condition of the gate holds: safe to deploy from. */
  PRUNED("pruned"),
  /** Pruned, but the gate could not show that the metric is kept within the tolerance. */
  REJECTED("rejected"),
  /** The metric is kept, but nothing measurable improved enough. */
  NO_BENEFIT("no-benefit"),
  /** The model, its data or its policy is unsupported, malformed or hostile. */
  REFUSED("refused"),
  /** Attempts or the deadline are exhausted. */
  FAILED("failed"),
  /** A newer version of the same model arrived before this job finished. */
  SUPERSEDED("superseded");

  private final String wire;

  Verdict(String wire) {
    this.wire = wire;
  }

  /** The name used in events, reports and metric labels. */
  @JsonValue
  public String wire() {
    return wire;
  }
}
