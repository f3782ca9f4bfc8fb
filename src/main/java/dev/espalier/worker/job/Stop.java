package dev.espalier.worker.job;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;

/** Why a job is to end before its work is done, and the verdict that it then gets. */
record Stop(Verdict verdict, Reason reason) {

  /** Someone asked for it, as {@code message} says. */
  static Stop cancelled(String message) {
    return new Stop(Verdict.FAILED, new Reason(ReasonCode.CANCELLED, message));
  }

  /** A later event of the same model waits. */
  static Stop superseded(Successor.Newer newer) {
    ModelResult.Coordinates at = newer.source();
    String message =
        "version %s of the model was announced at %s-%d, offset %d; its result takes this one's place"
            .formatted(newer.version(), at.topic(), at.partition(), at.offset());
    return new Stop(Verdict.SUPERSEDED, new Reason(ReasonCode.SUPERSEDED, message));
  }
}
