package dev.espalier.worker.pages;

import dev.espalier.chart.Curve;
import dev.espalier.chart.Figures;
import dev.espalier.contract.JobId;
import dev.espalier.contract.Links;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.pages.Rows.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One job.
 *
 * @param state {@code running}, {@code waiting} or the verdict
 * @param meaning the state in a sentence
 * @param reason code of the reason, and its message; absent where there is none
 * @param running while it runs
 * @param cancelling whether somebody asked for its end
 */
record JobView(
    String id,
    String model,
    String modelHref,
    String version,
    String state,
    String meaning,
    @Nullable Fact reason,
    Rows.@Nullable Running running,
    boolean cancelling,
    List<Fact> facts,
    List<Fact> gate,
    @Nullable Curve curve,
    List<StepRow> steps,
    List<Fact> artifacts,
    boolean hasReport) {

  /** A step. */
  record StepRow(String step, String sparsity, String metric, String drop, String accepted) {}

  /** Whether there is something to cancel. */
  public boolean isOpen() {
    return running != null || state.equals("waiting");
  }

  static JobView of(RunningJob job, boolean cancelling) {
    WaitingEvent event = job.event();
    List<Curve.Point> points = new ArrayList<>();
    List<StepRow> steps = new ArrayList<>();
    for (RunningJob.Step step : job.trail()) {
      Double sparsity = step.sparsity();
      Double metric = step.metric();
      if (sparsity != null && metric != null) {
        String title =
            "step %d: sparsity %s, %s"
                .formatted(step.step(), Text.percent(sparsity), Text.metric(metric));
        points.add(new Curve.Point(sparsity, metric, true, title));
      }
      steps.add(
          new StepRow(
              Integer.toString(step.step()),
              Text.percent(sparsity),
              metric == null ? "failed" : Text.metric(metric),
              Text.NONE,
              Text.NONE));
    }
    return new JobView(
        event.job().value(),
        event.model(),
        Rows.modelHref(event.model()),
        event.version(),
        "running",
        job.isStill()
            ? "Nothing has been heard of its worker for a minute or more."
            : "A worker is at it.",
        null,
        Rows.running(job),
        cancelling,
        placed(event),
        List.of(),
        Curve.of(points, "metric"),
        steps,
        List.of(),
        false);
  }

  static JobView of(WaitingEvent event, boolean cancelling) {
    return new JobView(
        event.job().value(),
        event.model(),
        Rows.modelHref(event.model()),
        event.version(),
        "waiting",
        "No worker has begun it: jobs of a partition are worked in order.",
        null,
        null,
        cancelling,
        placed(event),
        List.of(),
        null,
        List.of(),
        List.of(),
        false);
  }

  private static List<Fact> placed(WaitingEvent event) {
    return List.of(
        new Fact("announced", Text.time(event.published())),
        new Fact("read at", place(event.source())));
  }

  private static String place(ModelResult.Coordinates source) {
    return "%s, partition %d, offset %d"
        .formatted(source.topic(), source.partition(), source.offset());
  }

  static JobView of(JobId job, StoredJobs.Stored stored) {
    ModelResult whole = stored.result();
    ModelResult.Result result = whole.result();
    ModelResult.Gate gate = whole.gate();
    return new JobView(
        job.value(),
        stored.model(),
        Rows.modelHref(stored.model()),
        stored.version(),
        result.verdict().wire(),
        meaning(result.verdict()),
        result.reason() == null
            ? null
            : new Fact(result.reason().code().wire(), result.reason().message()),
        null,
        false,
        facts(whole),
        gate(gate),
        Curve.of(result, metricName(whole), gate),
        steps(result),
        artifacts(whole),
        whole.links() != null && whole.links().report() != null);
  }

  private static String metricName(ModelResult whole) {
    ModelResult.EffectivePolicy policy = whole.policy();
    return policy == null ? "metric" : policy.values().gate().metric().wire();
  }

  private static String meaning(Verdict verdict) {
    return switch (verdict) {
      case PRUNED -> "The pruned model was announced: every condition of the gate holds.";
      case REJECTED -> "The gate could not show that the metric is kept.";
      case NO_BENEFIT -> "The metric is kept, but too little was gained.";
      case REFUSED -> "The model, its data or its policy cannot be worked on.";
      case FAILED -> "It ended without a decision.";
      case SUPERSEDED -> "A newer version of the model came before it was done.";
    };
  }

  private static List<Fact> facts(ModelResult whole) {
    ModelResult.Result result = whole.result();
    List<Fact> facts = new ArrayList<>();
    add(facts, "sparsity", result.sparsity() == null ? null : Text.percent(result.sparsity()));
    add(facts, "parameters", change(result.parametersBefore(), result.parametersAfter()));
    add(facts, "not zero", result.nonZero() == null ? null : Figures.count(result.nonZero()));
    add(facts, "multiply-accumulates", change(result.macsBefore(), result.macsAfter()));
    if (whole.output() != null && whole.input().bytes() != null) {
      facts.add(
          new Fact(
              "bytes",
              change(whole.input().bytes(), whole.output().bytes())
                  + "; "
                  + Figures.count(whole.output().bytesZstd())
                  + " through zstd"));
    }
    if (whole.latency() != null) {
      facts.add(
          new Fact(
              "forward pass",
              String.format(
                  Locale.ROOT,
                  "%s → %s, at least %.2f times as fast",
                  Figures.milliseconds(whole.latency().before()),
                  Figures.milliseconds(whole.latency().after()),
                  whole.latency().ratioBound())));
    }
    add(facts, "recovery", result.recovery() == null ? null : "none: " + result.recovery());
    if (whole.policy() != null) {
      facts.add(new Fact("policy", whole.policy().values().name()));
    }
    facts.add(new Fact("attempt", Integer.toString(whole.job().attempt())));
    Instant queued = whole.timing().queued();
    add(facts, "announced", queued == null ? null : Text.time(queued));
    facts.add(new Fact("finished", Text.time(whole.timing().finished())));
    facts.add(new Fact("took", Text.duration(whole.timing().started(), whole.timing().finished())));
    add(facts, "read at", whole.job().source() == null ? null : place(whole.job().source()));
    facts.add(new Fact("engine", whole.engine().version()));
    return facts;
  }

  private static @Nullable String change(@Nullable Long before, @Nullable Long after) {
    if (before == null || after == null) {
      return null;
    }
    return before.equals(after)
        ? Figures.count(before)
        : Figures.count(before) + " → " + Figures.count(after);
  }

  private static void add(List<Fact> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.add(new Fact(name, value));
    }
  }

  private static List<Fact> gate(ModelResult.@Nullable Gate gate) {
    if (gate == null) {
      return List.of();
    }
    return List.of(
        new Fact(gate.metric().wire() + " before", Figures.metric(gate.baseline())),
        new Fact(gate.metric().wire() + " after", Figures.metric(gate.pruned())),
        new Fact("drop", Text.drop(gate.drop())),
        new Fact(
            "drop, at most", Text.drop(gate.upperBound()) + " at confidence " + gate.confidence()),
        new Fact("allowed", gate.tolerance().value() + " " + gate.tolerance().type()),
        new Fact("test", gate.test() + ", " + Figures.count(gate.samples()) + " samples"));
  }

  private static List<StepRow> steps(ModelResult.Result result) {
    if (result.trajectory() == null) {
      return List.of();
    }
    return result.trajectory().stream()
        .map(
            step ->
                new StepRow(
                    Integer.toString(step.step()),
                    Text.percent(step.sparsity()),
                    step.failure() == null ? Text.metric(step.metric()) : step.failure(),
                    step.drop() == null ? Text.NONE : Text.drop(step.drop()),
                    step.accepted() ? "yes" : "no"))
        .toList();
  }

  private static List<Fact> artifacts(ModelResult whole) {
    List<Fact> artifacts = new ArrayList<>();
    artifacts.add(new Fact("model as it came", whole.input().uri()));
    ModelResult.Output output = whole.output();
    if (output != null) {
      artifacts.add(new Fact("pruned model", output.uri()));
      add(artifacts, "without its zeros", output.archive() == null ? null : output.archive().uri());
      add(artifacts, "as ONNX", output.onnx() == null ? null : output.onnx().uri());
    }
    Links links = whole.links();
    if (links != null) {
      add(artifacts, "report", links.report());
      add(artifacts, "model card", links.modelCard());
      add(artifacts, "attestation", links.attestation());
    }
    return artifacts;
  }
}
