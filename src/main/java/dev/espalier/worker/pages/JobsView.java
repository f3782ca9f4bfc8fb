package dev.espalier.worker.pages;

import dev.espalier.contract.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All jobs.
 *
 * @param more records that wait beyond those listed
 * @param counts results within reach, by verdict
 * @param known number of results within reach
 * @param complete whether all within reach have been read
 */
record JobsView(
    List<Rows.Running> running,
    List<Rows.Waiting> waiting,
    long more,
    List<Rows.Finished> finished,
    List<Count> counts,
    int known,
    boolean complete) {
  /** Results listed; all within reach are in the JSON. */
  static final int MOST_LISTED = 100;

  /** Results of a verdict. */
  record Count(String verdict, long count) {}

  static JobsView of(Snapshot snapshot) {
    Instant now = Instant.now();
    List<Count> counts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = snapshot.finished().stream().filter(r -> r.verdict() == verdict).count();
      counts.add(new Count(verdict.wire(), count));
    }
    int listed = snapshot.running().size() + snapshot.waiting().size();
    return new JobsView(
        snapshot.running().stream().map(Rows::running).toList(),
        snapshot.waiting().stream().map(event -> Rows.waiting(event, now)).toList(),
        Math.max(0, snapshot.waitingRecords() - listed),
        snapshot.finished().stream().limit(MOST_LISTED).map(Rows::finished).toList(),
        counts,
        snapshot.finished().size(),
        snapshot.complete());
  }
}
