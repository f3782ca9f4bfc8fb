package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Latency;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.SampleSize;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.metric.Measurement;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.report.Environment;
import dev.espalier.engine.report.ReportFile;
import dev.espalier.engine.scope.PruningScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Prunes a model: load, baseline, then score, mask, recover and evaluate step by step along a fixed
 * schedule or a search, then the verdict, the file in its own format, its self-check and the
 * report.
 */
final class PruningJob {
  private static final System.Logger LOG = System.getLogger(PruningJob.class.getName());

  private static final String NOTHING_PASSED =
      "no sparsity that was tried keeps the metric on the search half: recover longer, allow a"
          + " larger max-drop, or name another criterion as fallback";

  private final JobSpec spec;
  private final Policy policy;
  private final Monitor monitor;

  PruningJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.policy = Inputs.required(spec.policy(), "policy");
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.limit(policy.budget().maxDuration());
    monitor.stage(Progress.Stage.LOAD);
    ModelResult.EffectivePolicy effective = ModelResult.EffectivePolicy.of(policy);
    Digests digests = Digests.of(spec, Inputs.required(spec.validation(), "validation"));
    try (Inputs inputs = Inputs.load(spec, monitor)) {
      return report(run(inputs, effective, digests));
    }
  }

  private EngineOutcome.Judged run(
      Inputs inputs, ModelResult.EffectivePolicy effective, Digests digests) throws IOException {
    Graph graph = inputs.model().graph();
    Split split = Split.of(inputs.validation(), policy.seed());
    Scorer scorer = inputs.scorer(policy.gate().metric(), spec.threads(), monitor);
    // No proportion exceeds 1: what cannot show a share of that shows none of a real baseline.
    requireSamples(split, 1);
    PruningScope scope = PruningScope.of(inputs.model(), inputs.sizedGraph(), policy);
    Deployment deployment = Deployment.of(inputs.model(), policy, scope);
    long gone = scope.removed(scope.initialMasks(), graph.initializers());
    Plan plan = Plan.of(policy, scope.size(), gone, scope.mostRemoved());
    CriterionEvidence evidence =
        CriterionEvidence.of(graph, scope, inputs, split, policy, spec.threads(), monitor);
    Checkpoints checkpoints =
        new Checkpoints(
            spec.workDirectory().resolve(JobSpec.CHECKPOINTS),
            digests.job(spec, effective, Environment.version()));

    monitor.stage(Progress.Stage.BASELINE);
    Measurement baseline = scorer.baseline(graph, split.search());
    adviseSamples(split, requireSamples(split, baseline.value()));

    ResultBuilder result =
        new ResultBuilder(
            spec, monitor, inputs, digests, effective, deployment, scope, plan, evidence);
    Optional<Candidate> resumed = checkpoints.newest();
    resumed.ifPresent(candidate -> result.resumedFrom(candidate.step()));
    try (Recoverer recoverer =
        Recoverer.of(graph, scope, inputs, policy, spec.threads(), monitor)) {
      recoverer.obstacle().ifPresent(result::recoveryObstacle);
      Steps steps =
          new Steps(
              graph,
              deployment,
              scope,
              plan,
              policy,
              new Pruner(
                  scope, evidence, new Reconstructor(graph, scope, evidence.inputs()), policy),
              recoverer,
              scorer,
              split,
              checkpoints,
              monitor);
      Candidate last = steps.run(resumed.orElseGet(steps::start), baseline, result::candidate);
      Judge judge = new Judge(scorer, split, policy, digests);
      FixedSequence sequence = new FixedSequence(graph, deployment, judge, policy, checkpoints);
      if (policy.search().enabled()) {
        Path directory = OutputFile.directory(spec);
        result.candidates(sequence.describe(inputs.model(), last, directory));
      }
      monitor.stage(Progress.Stage.VERDICT);
      Optional<FixedSequence.Tested> tested = sequence.run(last);
      return tested.isPresent()
          ? verdict(inputs, deployment, tested.get(), judge, result)
          : result.rejected(new Reason(ReasonCode.GATE_FAILED, whyNothing(last)));
    } catch (NotANumber e) {
      return result.rejected(new Reason(ReasonCode.GATE_FAILED, String.valueOf(e.getMessage())));
    }
  }

  private static String whyNothing(Candidate last) {
    String failure = last.trajectory().get(last.step() - 1).failure();
    return failure == null ? NOTHING_PASSED : failure;
  }

  private EngineOutcome.Judged verdict(
      Inputs inputs,
      Deployment deployment,
      FixedSequence.Tested tested,
      Judge judge,
      ResultBuilder result)
      throws IOException {
    Candidate accepted = tested.candidate();
    Graph pruned = deployment.of(accepted.masks(), accepted.weights());
    Comparison found = tested.comparison();
    result.candidate(accepted);
    RunCost cost = new RunCost(inputs, policy, spec.threads(), monitor);
    result.macs(cost.macs(inputs.model().graph()), cost.macs(deployment.real(pruned)));
    result.gate(judge.describe(found));
    Gate gate = new Gate(policy.gate());
    Optional<Reason> failure = gate.metricFailure(found);
    if (failure.isPresent()) {
      return result.rejected(failure.get());
    }

    monitor.stage(Progress.Stage.MEASURE);
    Latency latency = cost.latency(pruned).orElse(null);
    result.latency(latency);
    monitor.stage(Progress.Stage.WRITE);
    OutputFile output = OutputFile.write(inputs.model(), pruned, OutputFile.directory(spec));
    Optional<Reason> loss =
        gate.sizeFailure(output.bytesBefore(), output.sizes().zstd())
            .or(() -> Gate.speedFailure(policy, latency));
    if (loss.isPresent()) {
      Files.delete(output.file());
      return result.noBenefit(loss.get());
    }
    SourceModel written = output.reload(inputs.model(), pruned);
    judge.confirm(written.graph(), found);
    FileCopy archive = SparseFile.write(written, output.file());
    Optional<OnnxFile> copy = OnnxFile.write(spec, inputs.model().format(), pruned);
    if (copy.isPresent()) {
      judge.confirm(copy.get().reload(), found);
    }
    return result.pruned(output.describe(inputs.model(), archive, copy.orElse(null)));
  }

  /** Refuses too few verdict samples; returns the drop they have to show, in the metric's unit. */
  private double requireSamples(Split split, double baseline) {
    double tolerance = new Gate(policy.gate()).tolerance(baseline);
    if (policy.gate().metric().isProportion()) {
      SampleSize.require(split.verdict().length, tolerance, policy.gate().confidence());
    } else {
      SampleSize.requireForBootstrap(split.verdict().length);
    }
    return tolerance;
  }

  private void adviseSamples(Split split, double tolerance) {
    if (!policy.gate().metric().isProportion()) {
      return;
    }
    long advised = SampleSize.advised(tolerance, policy.gate().confidence());
    if (split.verdict().length < advised) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} verdict samples: a model as good as its baseline may fail; {1} give it 80 % power",
          split.verdict().length,
          advised);
    }
  }

  private EngineOutcome.Judged report(EngineOutcome.Judged outcome) throws IOException {
    ReportFile.write(outcome, OutputFile.directory(spec));
    return outcome;
  }
}
