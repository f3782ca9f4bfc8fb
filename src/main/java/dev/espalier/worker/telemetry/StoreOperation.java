package dev.espalier.worker.telemetry;

/** Requests to the object store, as metrics name them. */
public enum StoreOperation {
  CREATE,
  UPLOAD,
  READ,
  STAT,
  DOWNLOAD,
  LIST
}
