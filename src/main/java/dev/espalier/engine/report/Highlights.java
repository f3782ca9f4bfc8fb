package dev.espalier.engine.report;

import dev.espalier.chart.Figures;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.ModelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The few numbers of an outcome that are seen first. */
final class Highlights {
  private Highlights() {}

  static List<Page.Fact> of(Judged outcome) {
    List<Page.Fact> facts = new ArrayList<>();
    Double sparsity = outcome.result().sparsity();
    if (sparsity != null) {
      facts.add(new Page.Fact("sparsity", Figures.percent(sparsity)));
    }
    ModelResult.Gate gate = outcome.gate();
    if (gate != null) {
      facts.add(
          new Page.Fact(
              gate.metric().wire(),
              Figures.metric(gate.baseline()) + " → " + Figures.metric(gate.pruned())));
      facts.add(
          new Page.Fact(
              "drop at most, at " + gate.confidence(), Figures.metric(gate.upperBound())));
    }
    Long before = outcome.input().bytesZstd();
    if (outcome.output() != null && before != null) {
      facts.add(times("smaller through zstd", (double) before / outcome.output().bytesZstd()));
    }
    Long macsBefore = outcome.result().macsBefore();
    Long macsAfter = outcome.result().macsAfter();
    if (macsBefore != null && macsAfter != null && macsAfter > 0 && !macsBefore.equals(macsAfter)) {
      facts.add(times("fewer operations", (double) macsBefore / macsAfter));
    }
    if (outcome.latency() != null) {
      facts.add(times("faster, at least", outcome.latency().ratioBound()));
    }
    return facts;
  }

  private static Page.Fact times(String what, double ratio) {
    return new Page.Fact(what, String.format(Locale.ROOT, "%.2f ×", ratio));
  }
}
