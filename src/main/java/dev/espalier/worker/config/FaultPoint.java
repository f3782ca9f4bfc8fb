package dev.espalier.worker.config;

/** Places between two durable effects: where a crash could lose or double something. */
public enum FaultPoint {
  AFTER_ADMISSION,
  AFTER_FETCH,
  BEFORE_COMMIT_RECORD,
  AFTER_COMMIT_RECORD,
  IN_TRANSACTION_BEFORE_SEND,
  IN_TRANSACTION_AFTER_SEND,
  AFTER_TRANSACTION
}
