package dev.espalier.engine.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.chart.Curve;
import dev.espalier.chart.Figures;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.Granularity;
import dev.espalier.contract.Latency;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import dev.espalier.contract.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the templates show of an outcome, every number as text.
 *
 * @param verdict on the wire
 * @param meaning the verdict in a sentence
 * @param reason why, where there is a reason
 * @param highlights pairs that are seen first
 * @param facts pairs about the model
 * @param gate pairs of the test that decided
 * @param curve metric against sparsity
 * @param sizes bytes before and after
 * @param times latency before and after
 * @param layers one row per tensor
 * @param candidates what passed on the search half
 * @param policy effective values, as YAML's superset JSON
 * @param trained whether there were training data
 * @param reproduction pairs of what a repetition needs
 * @param sensitivity what removal from each part alone does, where that was measured
 */
record Page(
    String verdict,
    String meaning,
    @Nullable String reason,
    List<Fact> highlights,
    List<Fact> facts,
    List<Fact> gate,
    @Nullable Curve curve,
    List<Bar> sizes,
    List<Bar> times,
    List<LayerRow> layers,
    List<CandidateRow> candidates,
    String policy,
    boolean trained,
    List<Fact> reproduction,
    @Nullable SensitivityTable sensitivity) {
  /** A name and a value. */
  record Fact(String name, String value) {}

  /** A tensor. */
  record LayerRow(
      String name,
      String shapeBefore,
      String shapeAfter,
      String kept,
      String percent,
      String changed) {}

  /** A model that passed on the search half. */
  record CandidateRow(String sparsity, String metric, String bytes) {}

  // Mustache repeats a section for each element: what stands around a list asks these.
  boolean hasHighlights() {
    return !highlights.isEmpty();
  }

  /** How the verdict's bar is drawn: in the colour of what it led to. */
  String verdictClass() {
    return verdict.equals("pruned") ? "" : "rejected-proof";
  }

  boolean hasSizes() {
    return !sizes.isEmpty();
  }

  boolean hasTimes() {
    return !times.isEmpty();
  }

  boolean hasCandidates() {
    return !candidates.isEmpty();
  }

  boolean hasGate() {
    return !gate.isEmpty();
  }

  static Page of(Judged outcome, @Nullable Sha256 training) {
    ModelResult.Result result = outcome.result();
    return new Page(
        result.verdict().wire(),
        meaning(result.verdict()),
        result.reason() == null ? null : result.reason().message(),
        Highlights.of(outcome),
        facts(outcome),
        gate(outcome.gate()),
        Curve.of(result, outcome.policy().values().gate().metric().wire(), outcome.gate()),
        sizes(outcome.input(), outcome.output()),
        times(outcome.latency()),
        layers(result),
        candidates(result),
        json(outcome.policy().values()),
        training != null,
        reproduction(outcome, training),
        SensitivityTable.of(outcome.sensitivity()));
  }

  private static String meaning(Verdict verdict) {
    return switch (verdict) {
      case PRUNED -> "The pruned model is kept: every condition of the gate holds.";
      case REJECTED -> "The gate could not show that the metric is kept. The model stays as it is.";
      case NO_BENEFIT -> "The metric is kept, but too little was gained. The model stays as it is.";
      case REFUSED, FAILED, SUPERSEDED -> "There is no pruned model.";
    };
  }

  private static List<Fact> facts(Judged outcome) {
    ModelResult.Result result = outcome.result();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("model", outcome.input().uri()));
    if (outcome.input().format() != null) {
      facts.add(new Fact("format", outcome.input().format().wire()));
    }
    boolean filters = outcome.policy().values().granularity().equals(Granularity.FILTER);
    add(
        facts,
        filters ? "filters and neurons removed, of those that may go" : "sparsity",
        result.sparsity() == null ? null : Figures.percent(result.sparsity()));
    add(facts, "parameters before", count(result.parametersBefore()));
    add(facts, "parameters after", count(result.parametersAfter()));
    add(facts, "not zero after", count(result.nonZero()));
    add(facts, "multiply-accumulates before", count(result.macsBefore()));
    add(facts, "multiply-accumulates after", count(result.macsAfter()));
    add(facts, "no recovery", result.recovery());
    return facts;
  }

  private static List<Fact> gate(ModelResult.@Nullable Gate gate) {
    if (gate == null) {
      return List.of();
    }
    String metric = gate.metric().wire();
    return List.of(
        new Fact(metric + " before", Figures.metric(gate.baseline())),
        new Fact(metric + " after", Figures.metric(gate.pruned())),
        new Fact("drop", Figures.metric(gate.drop())),
        new Fact(
            "drop, at most",
            Figures.metric(gate.upperBound()) + " at confidence " + gate.confidence()),
        new Fact("tolerance", gate.tolerance().value() + ", " + gate.tolerance().type()),
        new Fact("test", gate.test() + ", " + Figures.count(gate.samples()) + " samples"));
  }

  private static List<Bar> sizes(ModelResult.Input input, ModelResult.@Nullable Output output) {
    if (output == null || input.bytes() == null) {
      return List.of();
    }
    double longest = Math.max(input.bytes(), output.bytes());
    List<Bar> bars = new ArrayList<>();
    bars.add(size("file before", input.bytes(), longest, "before"));
    bars.add(size("file after", output.bytes(), longest, "after"));
    if (input.bytesZstd() != null) {
      bars.add(size("zstd before", input.bytesZstd(), longest, "before"));
    }
    bars.add(size("zstd after", output.bytesZstd(), longest, "after"));
    if (output.archive() != null) {
      bars.add(size("model.sparse", output.archive().bytes(), longest, "after"));
    }
    return bars;
  }

  private static Bar size(String label, long bytes, double longest, String kind) {
    return Bar.of(label, Figures.count(bytes) + " bytes", (double) bytes, longest, kind);
  }

  private static List<Bar> times(@Nullable Latency latency) {
    if (latency == null) {
      return List.of();
    }
    double longest = Math.max(latency.before(), latency.after());
    return List.of(
        Bar.of(
            "before", Figures.milliseconds(latency.before()), latency.before(), longest, "before"),
        Bar.of(
            "after",
            String.format(
                Locale.ROOT,
                "%s, at least %.2f times as fast (%d pairs, %d samples a pass, %s)",
                Figures.milliseconds(latency.after()),
                latency.ratioBound(),
                latency.repetitions(),
                latency.batch(),
                latency.runtime()),
            latency.after(),
            longest,
            "after"));
  }

  private static List<LayerRow> layers(ModelResult.Result result) {
    if (result.layers() == null) {
      return List.of();
    }
    return result.layers().stream()
        .map(
            layer ->
                new LayerRow(
                    layer.name(),
                    layer.shapeBefore().toString(),
                    layer.shapeAfter().toString(),
                    Figures.percent(1 - layer.sparsity()),
                    String.format(Locale.ROOT, "%.1f", 100 * (1 - layer.sparsity())),
                    layer.changed().name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  private static List<CandidateRow> candidates(ModelResult.Result result) {
    if (result.candidates() == null) {
      return List.of();
    }
    return result.candidates().stream()
        .map(
            candidate ->
                new CandidateRow(
                    Figures.percent(candidate.sparsity()),
                    Figures.metric(candidate.metric()),
                    Figures.count(candidate.bytes())))
        .toList();
  }

  private static List<Fact> reproduction(Judged outcome, @Nullable Sha256 training) {
    List<Fact> facts = new ArrayList<>();
    add(facts, "model, SHA-256", hex(outcome.input().sha256()));
    if (outcome.gate() != null) {
      add(facts, "validation data, SHA-256", hex(outcome.gate().evaluationSet().sha256()));
      add(
          facts,
          "verdict samples, SHA-256 of their positions",
          hex(outcome.gate().evaluationSet().split().indicesSha256()));
    }
    if (outcome.output() != null) {
      add(facts, "pruned model, SHA-256", hex(outcome.output().sha256()));
    }
    add(facts, "training data, SHA-256", hex(training));
    add(facts, "policy, SHA-256", hex(outcome.policy().digest()));
    add(facts, "seed", Long.toString(outcome.engine().seed()));
    Double warmStart = outcome.engine().warmStart();
    add(facts, "warm start", warmStart == null ? null : warmStart.toString());
    add(facts, "Espalier", outcome.engine().version());
    return facts;
  }

  private static @Nullable String hex(@Nullable Sha256 digest) {
    return digest == null ? null : digest.hex();
  }

  private static @Nullable String count(@Nullable Long value) {
    return value == null ? null : Figures.count(value);
  }

  private static void add(List<Fact> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.add(new Fact(name, value));
    }
  }

  private static String json(Object values) {
    try {
      return ContractJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a policy is always JSON", e);
    }
  }
}
