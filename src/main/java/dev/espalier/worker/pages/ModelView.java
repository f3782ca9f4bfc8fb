package dev.espalier.worker.pages;

import dev.espalier.chart.Trend;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.publish.AnnouncedResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model over its versions.
 *
 * @param sparsity trend of the accepted versions
 * @param drop trend of the drop with its bound and tolerance, of all versions that were judged
 * @param bytes trend of the compressed size
 */
record ModelView(
    String name,
    List<Rows.Running> running,
    List<Rows.Waiting> waiting,
    List<Rows.Finished> finished,
    @Nullable Trend sparsity,
    @Nullable Trend drop,
    @Nullable Trend bytes) {
  private static final int MOST = 60;

  static ModelView of(String name, Snapshot snapshot) {
    Instant now = Instant.now();
    List<AnnouncedResult> results =
        snapshot.finished().stream().filter(r -> r.model().equals(name)).limit(MOST).toList();
    List<AnnouncedResult> oldestFirst = new ArrayList<>(results);
    Collections.reverse(oldestFirst);
    return new ModelView(
        name,
        snapshot.running().stream()
            .filter(r -> r.event().model().equals(name))
            .map(Rows::running)
            .toList(),
        snapshot.waiting().stream()
            .filter(event -> event.model().equals(name))
            .map(event -> Rows.waiting(event, now))
            .toList(),
        results.stream().map(Rows::finished).toList(),
        Trend.of(sparsities(oldestFirst)),
        Trend.of(drops(oldestFirst)),
        Trend.of(sizes(oldestFirst)));
  }

  boolean isUnknown() {
    return running.isEmpty() && waiting.isEmpty() && finished.isEmpty();
  }

  private static List<Trend.Value> sparsities(List<AnnouncedResult> results) {
    List<Trend.Value> values = new ArrayList<>();
    for (AnnouncedResult result : results) {
      Double sparsity = result.sparsity();
      if (sparsity != null) {
        String title =
            "%s: %s, %s"
                .formatted(result.version(), Text.percent(sparsity), result.verdict().wire());
        values.add(
            new Trend.Value(result.version(), 100 * sparsity, null, null, kind(result), title));
      }
    }
    return values;
  }

  private static List<Trend.Value> drops(List<AnnouncedResult> results) {
    List<Trend.Value> values = new ArrayList<>();
    for (AnnouncedResult result : results) {
      AnnouncedResult.Test gate = result.gate();
      if (gate != null) {
        String title =
            "%s: drop of %s %s, at most %s; allowed %s"
                .formatted(
                    result.version(),
                    gate.metric(),
                    Text.drop(gate.drop()),
                    Text.drop(gate.upperBound()),
                    gate.tolerance());
        values.add(
            new Trend.Value(
                result.version(),
                gate.drop(),
                gate.upperBound(),
                gate.allowed(),
                kind(result),
                title));
      }
    }
    return values;
  }

  private static List<Trend.Value> sizes(List<AnnouncedResult> results) {
    List<Trend.Value> values = new ArrayList<>();
    for (AnnouncedResult result : results) {
      AnnouncedResult.Sizes sizes = result.sizes();
      if (sizes != null) {
        double share = 100.0 * sizes.compressed() / sizes.before();
        String title =
            "%s: %s of %s"
                .formatted(
                    result.version(), Text.bytes(sizes.compressed()), Text.bytes(sizes.before()));
        values.add(new Trend.Value(result.version(), share, null, null, kind(result), title));
      }
    }
    return values;
  }

  private static String kind(AnnouncedResult result) {
    return result.verdict() == Verdict.PRUNED ? "accepted" : "refused";
  }
}
