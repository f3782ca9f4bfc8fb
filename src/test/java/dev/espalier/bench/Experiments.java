package dev.espalier.bench;

import dev.espalier.bench.Run.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The runs behind each table of {@code docs/results.md}, cheapest tables first. */
final class Experiments {
  static final List<Integer> SEEDS = List.of(1, 2, 3);
  static final List<String> TABLE_NETWORKS = List.of("lenet-5-3k", "guide-cnn-3k");
  static final List<Double> TABLE_SPARSITIES = List.of(0.9, 0.95);

  static final List<String> CRITERIA =
      List.of(
          "magnitude",
          "lamp",
          "movement",
          "wanda",
          "obs",
          "taylor",
          "taylor-signed",
          "snip",
          "gradient-sign",
          "random");

  /** Besides cubic, which the criteria are compared by. */
  static final List<String> OTHER_SCHEDULES =
      List.of("one-shot", "linear", "exponential", "geometric", "explicit");

  private static final Map<Double, String> EXPLICIT =
      Map.of(0.9, "[0.5, 0.7, 0.8, 0.87, 0.9]", 0.95, "[0.6, 0.8, 0.9, 0.94, 0.95]");

  private static final String COSINE =
      "recover: {epochs: 1, learning-rate: 0.001, learning-rate-schedule: cosine, batch: 128}";

  /** Three points of sparsity, as far as there are so many. */
  private static final double ABOVE = 0.03;

  private static final double HIGHEST = 0.995;

  /** Epochs that the policy of the table gives in all. */
  private static final int TABLE_EPOCHS = 5;

  private Experiments() {}

  static List<Run> all() {
    List<Run> runs = new ArrayList<>();
    runs.addAll(engine("targets", "digits-mlp", "magnitude", "digits", "", 0.8));
    runs.addAll(engine("targets", "lenet-300-100", "magnitude", "lenet-300-100", "", 0.95));
    runs.addAll(engine("targets", "lenet-5", "magnitude", "lenet-5", "", 0.98));
    runs.addAll(engine("targets", "guide-cnn", "magnitude", "guide-cnn", "", 0.9));
    engine("targets", "guide-cnn", "magnitude, cosine", "guide-cnn", "", 0.9)
        .forEach(run -> runs.add(run.with(COSINE)));
    runs.addAll(quantised("lenet-300-100", "codebook", 0.95));
    runs.addAll(quantised("lenet-5", "codebook", 0.98));
    runs.addAll(quantised("guide-cnn", "int8", 0.9));
    runs.addAll(engine("filters", "residual-cnn", "filter-l2", "filters", "", 0.4));
    runs.addAll(engine("filters", "chain-cnn", "filter-l2", "filters-untrained", "", 0.5));
    runs.addAll(engine("search", "lenet-5-converged", "search", "search", "", 0.98));
    runs.addAll(peers("lenet-300-100", "lenet-300-100", 0.95));
    runs.addAll(peers("lenet-5", "lenet-5", 0.98));
    runs.addAll(peers("guide-cnn", "guide-cnn", 0.9));
    runs.addAll(table());
    return runs;
  }

  /**
   * What a line gives reason to try: above what a search has found, its accepted trials and one
   * three points higher, or at 99.5 %, which must not be accepted.
   */
  static Optional<Run> following(Line line) {
    if (!line.id().startsWith("search/") || !line.method().equals("search")) {
      return Optional.empty();
    }
    List<Line.Trial> trials = Objects.requireNonNullElse(line.trials(), List.of());
    List<Double> accepted =
        trials.stream().filter(Line.Trial::accepted).map(Line.Trial::target).sorted().toList();
    if (accepted.isEmpty()) {
      return Optional.empty();
    }
    double above = Math.min(HIGHEST, accepted.get(accepted.size() - 1) + ABOVE);
    List<Double> values = new ArrayList<>(accepted);
    values.add(above);
    return Optional.of(
        new Run(
            "search",
            line.network(),
            "above",
            "search",
            "",
            "schedule: {kind: explicit, values: %s}, search: {enabled: true, max-trials: 1}"
                .formatted(values),
            above,
            line.seed(),
            Kind.ENGINE));
  }

  private static List<Run> table() {
    List<Run> runs = new ArrayList<>();
    for (String network : TABLE_NETWORKS) {
      for (double sparsity : TABLE_SPARSITIES) {
        for (String criterion : CRITERIA) {
          runs.addAll(
              engine("criteria", network, criterion, "table", criterion(criterion), sparsity));
        }
        for (String schedule : OTHER_SCHEDULES) {
          runs.addAll(
              engine(
                  "schedules", network, schedule, "table", schedule(schedule, sparsity), sparsity));
        }
      }
    }
    return runs;
  }

  /** Movement trains once before it removes anything, so it gets a step less. */
  private static String criterion(String name) {
    return "criterion: "
        + name
        + (name.equals("movement")
            ? ", schedule: {kind: cubic, steps: %d}".formatted(TABLE_EPOCHS - 1)
            : "");
  }

  private static String schedule(String kind, double sparsity) {
    return switch (kind) {
      case "one-shot" ->
          "schedule: {kind: one-shot}, recover: {epochs: %d}".formatted(TABLE_EPOCHS);
      case "explicit" -> "schedule: {kind: explicit, values: %s}".formatted(EXPLICIT.get(sparsity));
      default -> "schedule: {kind: %s, steps: %d}".formatted(kind, TABLE_EPOCHS);
    };
  }

  private static List<Run> quantised(String network, String form, double sparsity) {
    String method = "magnitude, " + form;
    return engine("bytes", network, method, network, "quantize: " + form, sparsity);
  }

  private static List<Run> peers(String network, String policy, double sparsity) {
    List<Run> runs = new ArrayList<>();
    for (String method : List.of("gradual", "one-shot", "snip")) {
      runs.addAll(runs("peers", network, method, policy, "", sparsity, Kind.PEER));
    }
    return runs;
  }

  private static List<Run> engine(
      String group, String network, String method, String policy, String changes, double sparsity) {
    return runs(group, network, method, policy, changes, sparsity, Kind.ENGINE);
  }

  private static List<Run> runs(
      String group,
      String network,
      String method,
      String policy,
      String changes,
      double sparsity,
      Kind kind) {
    return SEEDS.stream()
        .map(seed -> new Run(group, network, method, policy, "", changes, sparsity, seed, kind))
        .toList();
  }
}
