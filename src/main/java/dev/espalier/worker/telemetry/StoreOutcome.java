package dev.espalier.worker.telemetry;

/** How requests to the object store end, as metrics name it. */
public enum StoreOutcome {
  OK,
  MISSING,
  EXISTS,
  ERROR
}
