package dev.espalier.bench;

import dev.espalier.contract.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/results.md}: a template whose marks, such as <code>{{models targets,peers}}</code>,
 * become tables of the lines of those groups.
 *
 * @param lines everything measured
 */
record ResultsPage(List<Line> lines) {
  private static final Pattern MARK = Pattern.compile("\\{\\{(\\w+) ([\\w,-]+)}}");

  /** What the rows of a table have in common, beside the seed. */
  private record Key(String network, double target, String method) {
    static Key of(Line line) {
      return new Key(line.network(), line.target(), line.method());
    }
  }

  String render(String template) {
    return MARK.matcher(template).replaceAll(this::table);
  }

  private String table(MatchResult mark) {
    List<String> groups = List.of(mark.group(2).split(",", -1));
    List<Line> chosen = lines.stream().filter(line -> groups.contains(line.group())).toList();
    List<String> rows =
        switch (mark.group(1)) {
          case "models" -> models(chosen);
          case "bytes" -> bytes(chosen);
          case "grid" -> grid(chosen);
          case "speed" -> speed(chosen);
          case "search" -> search(chosen);
          default -> throw new IllegalArgumentException("no table " + mark.group());
        };
    // Matcher.replaceAll takes $ and \ as its own.
    return String.join("\n", rows).replace("\\", "\\\\").replace("$", "\\$");
  }

  private static Map<Key, List<Line>> bySeries(List<Line> chosen) {
    return chosen.stream()
        .collect(Collectors.groupingBy(Key::of, LinkedHashMap::new, Collectors.toList()));
  }

  private static Statistics of(List<Line> series, Function<Line, @Nullable Double> figure) {
    return Statistics.of(series.stream().map(figure).filter(Objects::nonNull).toList());
  }

  private static List<String> models(List<Line> chosen) {
    List<String> rows =
        new ArrayList<>(
            List.of(
                "| network | sparsity | by | runs | as it came | accuracy | control"
                    + " | below the control | at most, worst run | gate |",
                "|---|---|---|---|---|---|---|---|---|---|"));
    bySeries(chosen)
        .forEach(
            (key, series) ->
                rows.add(
                    row(
                        key.network,
                        percent(key.target),
                        series.get(0).group().equals("peers")
                            ? "PyTorch, " + key.method
                            : key.method,
                        Integer.toString(series.size()),
                        of(series, Line::baseline).percent(),
                        of(series, Line::accuracy).percent(),
                        of(series, ResultsPage::controlAccuracy).percent(),
                        of(series, ResultsPage::belowControl).percent(),
                        worstBound(series),
                        verdicts(series))));
    return rows;
  }

  private static @Nullable Double controlAccuracy(Line line) {
    return line.control() == null ? null : line.control().accuracy();
  }

  private static @Nullable Double belowControl(Line line) {
    Double accuracy = line.accuracy();
    return line.control() == null || accuracy == null ? null : line.control().accuracy() - accuracy;
  }

  private static String worstBound(List<Line> series) {
    return series.stream()
        .map(Line::control)
        .filter(Objects::nonNull)
        .map(Line.Control::upperBound)
        .filter(Objects::nonNull)
        .max(Double::compare)
        .map(bound -> number("%.2f", 100 * bound))
        .orElse("");
  }

  private static String verdicts(List<Line> series) {
    long judged = series.stream().filter(line -> line.verdict() != null).count();
    long pruned = series.stream().filter(line -> line.verdict() == Verdict.PRUNED).count();
    return judged == 0 ? "" : pruned + " of " + judged + " passed";
  }

  private static List<String> bytes(List<Line> chosen) {
    List<String> rows =
        new ArrayList<>(
            List.of(
                "| network | sparsity | by | parameters left | bytes before | gzip before"
                    + " | gzip after | ratio | `model.sparse` | ratio to the bytes before |",
                "|---|---|---|---|---|---|---|---|---|---|"));
    bySeries(chosen)
        .forEach(
            (key, series) ->
                series.stream()
                    .map(Line::size)
                    .filter(size -> size != null && size.archive() != null)
                    .findFirst()
                    .ifPresent(size -> rows.add(bytesRow(key, size))));
    return rows;
  }

  private static String bytesRow(Key key, Line.Size size) {
    long gzipAfter = Objects.requireNonNull(size.gzipAfter());
    long archive = Objects.requireNonNull(size.archive());
    return row(
        key.network,
        percent(key.target),
        key.method,
        number("%,d", size.parameters()),
        number("%,d", size.bytes()),
        number("%,d", size.gzip()),
        number("%,d", gzipAfter),
        number("%.1f", (double) size.gzip() / gzipAfter),
        number("%,d", archive),
        number("%.1f", (double) size.bytes() / archive));
  }

  private static List<String> speed(List<Line> chosen) {
    List<String> rows =
        new ArrayList<>(
            List.of(
                "| network | removed | by | MACs before | MACs after | ratio | ms before | ms after"
                    + " | ratio | latency ratio / MAC ratio |",
                "|---|---|---|---|---|---|---|---|---|---|"));
    for (Line line : chosen) {
      Line.Speed speed = line.speed();
      if (speed != null && speed.macsBefore() != null && speed.macsAfter() != null) {
        double macs = (double) speed.macsBefore() / speed.macsAfter();
        double time = speed.before() / speed.after();
        rows.add(
            row(
                line.network(),
                percent(line.target()),
                line.method(),
                number("%,d", speed.macsBefore()),
                number("%,d", speed.macsAfter()),
                number("%.2f", macs),
                number("%.3f", speed.before()),
                number("%.3f", speed.after()),
                number("%.2f", time),
                number("%.0f %%", 100 * time / macs)));
      }
    }
    return rows;
  }

  /** Methods against networks and sparsities; the control is the last row. */
  private static List<String> grid(List<Line> chosen) {
    Map<Key, List<Line>> series = bySeries(chosen);
    List<Key> columns =
        chosen.stream()
            .map(line -> new Key(line.network(), line.target(), ""))
            .distinct()
            .sorted((a, b) -> a.network.equals(b.network) ? Double.compare(a.target, b.target) : 0)
            .toList();
    List<String> rows = new ArrayList<>();
    rows.add(
        row(
            Stream.concat(
                Stream.of("accuracy, %"),
                columns.stream().map(c -> c.network + ", " + percent(c.target)))));
    rows.add("|---|" + "---|".repeat(columns.size()));
    for (String method : chosen.stream().map(Line::method).distinct().toList()) {
      rows.add(
          row(
              Stream.concat(
                  Stream.of(method),
                  columns.stream()
                      .map(c -> series.get(new Key(c.network, c.target, method)))
                      .map(found -> found == null ? "" : of(found, Line::accuracy).percent()))));
    }
    rows.add(
        row(
            Stream.concat(
                Stream.of("dense control"),
                columns.stream().map(c -> control(c, series.entrySet())))));
    return rows;
  }

  private static String control(Key column, Collection<Map.Entry<Key, List<Line>>> series) {
    return series.stream()
        .filter(s -> s.getKey().network.equals(column.network))
        .filter(s -> s.getKey().target == column.target)
        .findFirst()
        .map(s -> of(s.getValue(), ResultsPage::controlAccuracy).percent())
        .orElse("");
  }

  private static List<String> search(List<Line> chosen) {
    List<String> rows =
        new ArrayList<>(
            List.of(
                "| network | seed | found | accuracy | at most below as it came | trials |",
                "|---|---|---|---|---|---|"));
    for (Line line : chosen) {
      String trials =
          Objects.requireNonNullElse(line.trials(), List.<Line.Trial>of()).stream()
              .map(trial -> percent(trial.target()) + (trial.accepted() ? " ✓" : " ✗"))
              .collect(Collectors.joining(", "));
      rows.add(
          row(
              line.network(),
              Integer.toString(line.seed()),
              line.sparsity() == null ? "" : percent(line.sparsity()),
              line.accuracy() == null ? "" : number("%.2f", 100 * line.accuracy()),
              line.upperBound() == null ? "" : number("%.2f", 100 * line.upperBound()),
              trials));
    }
    return rows;
  }

  private static String percent(double share) {
    return number("%.4g", 100 * share).replaceAll("\\.0+$", "") + " %";
  }

  private static String number(String format, @Nullable Object value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  private static String row(String... cells) {
    return row(Stream.of(cells));
  }

  private static String row(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |"));
  }
}
