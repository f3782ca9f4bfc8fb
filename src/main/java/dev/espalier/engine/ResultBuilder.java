package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineUsed;
import dev.espalier.contract.Granularity;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Latency;
import dev.espalier.contract.Memory;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Task;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.compress.FileSizes;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.infer.Macs;
import dev.espalier.engine.infer.PeakMemory;
import dev.espalier.engine.report.Environment;
import dev.espalier.engine.report.LayerReport;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.train.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects what a job finds out, stage by stage, and turns it into an outcome at its end. */
final class ResultBuilder {
  /** A sparsity that is reached but for the last bits of its quotient is reached. */
  private static final double ROUNDING = 1e-9;

  private final JobSpec spec;
  private final Monitor monitor;
  private final SourceModel model;
  private final Task task;
  private final Digests digests;
  private final ModelResult.EffectivePolicy policy;
  private final Deployment deployment;
  private final PruningScope scope;
  private final Plan plan;
  private final CriterionEvidence evidence;
  private final long goneBefore;
  private @Nullable Candidate last;
  private long gone;
  private List<ModelResult.Step> trajectory = List.of();
  private @Nullable List<ModelResult.Candidate> candidates;
  private ModelResult.@Nullable Gate gate;
  private @Nullable Latency latency;
  private @Nullable PeakMemory peaks;
  private @Nullable Long macsBefore;
  private @Nullable Long macsAfter;
  private @Nullable Integer resumedFrom;
  private @Nullable String recoveryObstacle;
  private @Nullable List<JobPlan.Sensitivity> sensitivity;

  /** Before the first step. */
  ResultBuilder(
      JobSpec spec,
      Monitor monitor,
      Inputs inputs,
      Digests digests,
      ModelResult.EffectivePolicy policy,
      Preparation prepared) {
    this.spec = spec;
    this.monitor = monitor;
    this.model = inputs.model();
    this.task = inputs.task();
    this.digests = digests;
    this.policy = policy;
    this.deployment = prepared.deployment();
    this.scope = prepared.scope();
    this.plan = prepared.plan();
    this.evidence = prepared.evidence();
    this.goneBefore = scope.removed(scope.initialMasks(), model.graph().initializers());
    this.gone = goneBefore;
  }

  void resumedFrom(int step) {
    resumedFrom = step;
  }

  void recoveryObstacle(String why) {
    recoveryObstacle = why;
  }

  /** What removal from each part alone does. */
  void sensitivity(List<JobPlan.Sensitivity> profile) {
    sensitivity = profile.isEmpty() ? null : profile;
  }

  /** What a finished step left. */
  void candidate(Candidate candidate) {
    last = candidate;
    gone = scope.removed(candidate.masks(), candidate.weights());
    trajectory = candidate.trajectory();
  }

  /** What a search found acceptable. */
  void candidates(List<ModelResult.Candidate> found) {
    candidates = found;
  }

  void gate(ModelResult.Gate decided) {
    gate = decided;
  }

  /** Multiply-accumulates per sample of the model as it came and as it is deployed now. */
  void macs(Optional<Macs> before, Optional<Macs> after) {
    macsBefore = before.map(Macs::total).orElse(null);
    macsAfter = after.map(Macs::total).orElse(null);
  }

  void latency(@Nullable Latency measured) {
    latency = measured;
  }

  /** What inference takes before and after, where it was measured. */
  void memory(Optional<PeakMemory> measured) {
    peaks = measured.orElse(null);
  }

  private Memory memory() throws IOException {
    long engine = Environment.peakMemory();
    return peaks == null
        ? new Memory(engine, null, null, null)
        : new Memory(engine, peaks.medianBefore(), peaks.medianAfter(), peaks.spread());
  }

  EngineOutcome.Judged rejected(Reason reason) throws IOException {
    return judged(Verdict.REJECTED, reason, null);
  }

  EngineOutcome.Judged noBenefit(Reason reason) throws IOException {
    return judged(Verdict.NO_BENEFIT, reason, null);
  }

  EngineOutcome.Judged pruned(ModelResult.Output output) throws IOException {
    double wanted = wanted();
    double reached = (double) gone / (double) scope.size();
    return judged(
        Verdict.PRUNED,
        reached >= wanted - ROUNDING
            ? null
            : new Reason(ReasonCode.TARGET_NOT_REACHED, shortfall(reached, wanted)),
        output);
  }

  /** What the policy asks for; a pattern asks for its own sparsity, whatever it fits on. */
  private double wanted() {
    return policy.values().granularity() instanceof Granularity.NOfM pattern
        ? pattern.sparsity()
        : (double) plan.last() / (double) plan.size();
  }

  private String shortfall(double reached, double wanted) {
    boolean searched = policy.values().search().enabled();
    return String.format(
        Locale.ROOT,
        "%s %.4f, below the target, %.4f%s",
        searched ? "the highest sparsity that passed is" : "the sparsity reached is",
        reached,
        wanted,
        why(searched));
  }

  /** What stands between the target and what was reached, where it is not the gate. */
  private String why(boolean searched) {
    int multiple = policy.values().roundTo();
    if (policy.values().granularity() instanceof Granularity.NOfM pattern) {
      return ": inputs that do not fill a group of %d keep their weights".formatted(pattern.m());
    }
    if (multiple > 1) {
      return ": groups keep multiples of %d, and fewer more than that would not be one"
          .formatted(multiple);
    }
    return searched ? "" : ": the criterion finds no more that may go";
  }

  private EngineOutcome.Judged judged(
      Verdict verdict, @Nullable Reason reason, ModelResult.@Nullable Output output)
      throws IOException {
    return new EngineOutcome.Judged(
        output == null ? input(null) : input(FileSizes.of(spec.model())),
        output,
        policy,
        result(verdict, reason),
        gate,
        latency,
        memory(),
        new EngineUsed(
            Environment.version(),
            policy.values().seed(),
            plan.isWarm() ? spec.warmStart() : null,
            Environment.libraries()),
        monitor.phases(),
        resumedFrom,
        sensitivity);
  }

  private ModelResult.Input input(@Nullable FileSizes measured) throws IOException {
    return new ModelResult.Input(
        spec.model().toUri().toString(),
        digests.model(),
        model.format(),
        Files.size(spec.model()),
        measured == null ? null : measured.gzip(),
        measured == null ? null : measured.zstd());
  }

  private ModelResult.Result result(Verdict verdict, @Nullable Reason reason) {
    Graph before = model.graph();
    Graph after =
        last == null ? before : deployment.real(deployment.of(last.masks(), last.weights()));
    return new ModelResult.Result(
        verdict,
        reason,
        (double) gone / scope.size(),
        parameters(before),
        parameters(after),
        NonZero.count(after),
        gone - goneBefore,
        evidence.samples(trajectory),
        macsBefore,
        macsAfter,
        task,
        recoveryObstacle,
        scope.leftAlone().isEmpty() ? null : scope.leftAlone(),
        LayerReport.of(before, after, scope.tensors(), Statistics.of(before)),
        candidates,
        trajectory);
  }

  private static long parameters(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum();
  }
}
