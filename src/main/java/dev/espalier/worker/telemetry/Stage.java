package dev.espalier.worker.telemetry;

/** Stages of a job: the worker's, and those the engine reports, as metrics name them. */
public enum Stage {
  FETCH,
  LOAD,
  BASELINE,
  PRUNE,
  RECOVER,
  EVALUATE,
  VERDICT,
  WRITE,
  PUSH,
  VERIFY,
  COMMIT,
  ANNOUNCE
}
