package dev.espalier.worker.pages;

import dev.espalier.contract.JobId;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.publish.AnnouncedResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All jobs that are known, of all workers.
 *
 * @param running those that a worker is at
 * @param waiting those that no worker has begun, the longest waiting first
 * @param waitingRecords all records of the input topic without an answer, the running ones included
 * @param finished the latest results, the latest first
 * @param complete whether all results within reach have been read
 * @param asOf when broker and store were last asked with success
 * @param trouble why it is not newer; absent when it is as new as it can be
 */
record Snapshot(
    List<RunningJob> running,
    List<WaitingEvent> waiting,
    long waitingRecords,
    List<AnnouncedResult> finished,
    boolean complete,
    Instant asOf,
    @Nullable String trouble) {

  Optional<RunningJob> running(JobId job) {
    return running.stream().filter(r -> r.event().job().equals(job)).findFirst();
  }

  Optional<WaitingEvent> waiting(JobId job) {
    return waiting.stream().filter(event -> event.job().equals(job)).findFirst();
  }

  Snapshot at(Instant time) {
    return new Snapshot(running, waiting, waitingRecords, finished, complete, time, trouble);
  }

  Snapshot troubledBy(String cause) {
    return new Snapshot(running, waiting, waitingRecords, finished, complete, asOf, cause);
  }
}
