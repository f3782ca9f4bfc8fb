package dev.espalier.worker.telemetry;

/** What a record that was seen before led to, as metrics name it. */
public enum Redelivery {
  /** Its job had not finished: it goes on from the newest checkpoint. */
  RESUMED,
  /** Its job had finished: the stored result is announced. */
  ANNOUNCED,
  /** A copy of a record whose result is visible already: nothing is sent. */
  ACKNOWLEDGED
}
