package dev.espalier.engine.report;

import dev.espalier.chart.Figures;
import dev.espalier.contract.JobPlan.Sensitivity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What removal from each part of a model alone does, as a table: a row per part, a bar per
 * sparsity, the longest bar for the largest drop.
 *
 * @param sparsities of the columns
 * @param rows one per part
 */
record SensitivityTable(List<String> sparsities, List<Row> rows) {
  /** A layer, or a group of channels that are coupled. */
  record Row(String part, List<Bar> drops) {}

  /** The table of a profile; null for one without points. */
  static @Nullable SensitivityTable of(@Nullable List<Sensitivity> profile) {
    if (profile == null || profile.isEmpty()) {
      return null;
    }
    List<Double> sparsities =
        profile.stream().map(Sensitivity::sparsity).distinct().sorted().toList();
    double longest = profile.stream().mapToDouble(Sensitivity::drop).max().orElse(0);
    List<Row> rows =
        profile.stream()
            .map(Sensitivity::part)
            .distinct()
            .map(part -> row(part, profile, sparsities, longest))
            .toList();
    return new SensitivityTable(sparsities.stream().map(SensitivityTable::percent).toList(), rows);
  }

  private static Row row(
      String part, List<Sensitivity> profile, List<Double> sparsities, double longest) {
    return new Row(
        part, sparsities.stream().map(at -> bar(find(profile, part, at), at, longest)).toList());
  }

  private static Optional<Sensitivity> find(List<Sensitivity> profile, String part, double at) {
    return profile.stream()
        .filter(point -> point.part().equals(part) && point.sparsity() == at)
        .findFirst();
  }

  private static Bar bar(Optional<Sensitivity> point, double at, double longest) {
    return Bar.of(
        percent(at),
        point.map(p -> Figures.metric(p.drop())).orElse("–"),
        point.map(p -> Math.max(0, p.drop())).orElse(0.0),
        longest,
        "after");
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * fraction);
  }
}
