package dev.espalier.worker.intake;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult.Coordinates;
import java.time.Instant;

/**
 * An event without a visible result.
 *
 * @param published when its record was written
 * @param isFirst whether it is the first of its partition, and so the only one of it that may run
 */
public record WaitingEvent(
    JobId job,
    String model,
    String version,
    Coordinates source,
    Instant published,
    boolean isFirst) {
  WaitingEvent asFirst() {
    return new WaitingEvent(job, model, version, source, published, true);
  }
}
