package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.report.Environment;
import dev.espalier.engine.report.ReportFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  /** Share of a job's expected and remaining time that its sensitivity profile may take. */
  private static final double PROFILE_SHARE = 0.05;

  /** Seconds that no job is too short for. */
  private static final double PROFILE_LEAST = 1;

  private static final double PROFILE_MOST = 30;

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
      return report(run(inputs, effective, digests), digests);
    }
  }

  private EngineOutcome.Judged run(
      Inputs inputs, ModelResult.EffectivePolicy effective, Digests digests) throws IOException {
    Graph graph = inputs.model().graph();
    Preparation prepared = Preparation.of(spec, policy, inputs, monitor);
    prepared.advice(policy).ifPresent(advice -> LOG.log(System.Logger.Level.WARNING, advice));
    Checkpoints checkpoints =
        new Checkpoints(
            spec.workDirectory().resolve(JobSpec.CHECKPOINTS),
            digests.job(spec, effective, Environment.version()));
    Deployment deployment = prepared.deployment();

    ResultBuilder result = new ResultBuilder(spec, monitor, inputs, digests, effective, prepared);
    Optional<Candidate> resumed = checkpoints.newest();
    resumed.ifPresent(candidate -> result.resumedFrom(candidate.step()));
    try (Recoverer recoverer =
        Recoverer.of(graph, prepared.scope(), inputs, policy, spec.threads(), monitor)) {
      recoverer.obstacle().ifPresent(result::recoveryObstacle);
      Steps steps =
          new Steps(
              graph,
              deployment,
              prepared.scope(),
              prepared.plan(),
              policy,
              new Pruner(
                  prepared.scope(),
                  prepared.evidence(),
                  new Reconstructor(graph, prepared.scope(), prepared.evidence().inputs()),
                  policy),
              recoverer,
              prepared.scorer(),
              prepared.split(),
              checkpoints,
              monitor);
      result.sensitivity(
          new SensitivityProfile(prepared, policy, steps.start())
              .measure(profileSeconds(prepared, steps.workPerStep())));
      Candidate last =
          steps.run(resumed.orElseGet(steps::start), prepared.baseline(), result::candidate);
      Judge judge = new Judge(prepared.scorer(), prepared.split(), policy, digests);
      FixedSequence sequence = new FixedSequence(graph, deployment, judge, policy, checkpoints);
      if (policy.search().enabled()) {
        Path directory = OutputFile.directory(spec);
        result.candidates(sequence.describe(inputs.model(), last, directory));
      }
      monitor.stage(Progress.Stage.VERDICT);
      List<FixedSequence.Tested> tested = sequence.run(last);
      if (tested.isEmpty()) {
        return result.rejected(new Reason(ReasonCode.GATE_FAILED, whyNothing(last)));
      }
      return verdict(inputs, sequence, last, tested, result);
    } catch (NotANumber e) {
      return result.rejected(new Reason(ReasonCode.GATE_FAILED, String.valueOf(e.getMessage())));
    }
  }

  /** Nothing depends on the profile, so that it may only take a small part of the job's time. */
  private double profileSeconds(Preparation prepared, long workPerStep) {
    double expected = prepared.secondsPerSample() * workPerStep * prepared.plan().steps();
    double share = Math.min(PROFILE_SHARE * expected, PROFILE_SHARE * monitor.secondsLeft());
    return Math.max(PROFILE_LEAST, Math.min(PROFILE_MOST, share));
  }

  private String whyNothing(Candidate last) {
    List<ModelResult.Step> steps = last.trajectory();
    return steps.stream()
        .filter(step -> step.criterion() == policy.criterion())
        .reduce((earlier, later) -> later)
        .map(ModelResult.Step::failure)
        .orElse(NOTHING_PASSED);
  }

  private EngineOutcome.Judged verdict(
      Inputs inputs,
      FixedSequence sequence,
      Candidate last,
      List<FixedSequence.Tested> tested,
      ResultBuilder result)
      throws IOException {
    Comparison found = tested.get(0).comparison();
    Optional<Reason> failure = new Gate(policy.gate()).metricFailure(found);
    if (failure.isPresent()) {
      Candidate failed = sequence.frozen(tested.get(0).step(), last).orElseThrow(PruningJob::lost);
      Graph pruned = sequence.deployment().of(failed.masks(), failed.weights());
      describe(inputs, failed, pruned, sequence, found, result);
      return result.rejected(failure.get());
    }
    RunCost cost = new RunCost(inputs, policy, spec.threads(), monitor);
    Path directory = OutputFile.directory(spec);
    Benefit benefit = new Benefit(inputs.model(), sequence, cost, policy, directory, monitor);
    return finish(
        inputs, sequence, benefit.find(last, tested).orElseThrow(PruningJob::lost), result);
  }

  private static IllegalStateException lost() {
    return new IllegalStateException("the checkpoints of what was judged are lost");
  }

  private EngineOutcome.Judged finish(
      Inputs inputs, FixedSequence sequence, Benefit.Found best, ResultBuilder result)
      throws IOException {
    Graph pruned = best.pruned();
    Comparison found = best.comparison();
    describe(inputs, best.candidate(), pruned, sequence, found, result);
    result.latency(best.latency());
    if (best.loss() != null) {
      return result.noBenefit(best.loss());
    }
    monitor.stage(Progress.Stage.WRITE);
    Judge judge = sequence.judge();
    OutputFile output = best.output();
    SourceModel written = output.reload(inputs.model(), pruned);
    judge.confirm(written.graph(), found);
    FileCopy archive = SparseFile.write(written, output.file());
    Optional<OnnxFile> copy = OnnxFile.write(spec, inputs.model().format(), pruned);
    if (copy.isPresent()) {
      judge.confirm(copy.get().reload(), found);
    }
    RunCost cost = new RunCost(inputs, policy, spec.threads(), monitor);
    result.memory(cost.memory(pruned, OutputFile.directory(spec)));
    return result.pruned(output.describe(inputs.model(), archive, copy.orElse(null)));
  }

  private void describe(
      Inputs inputs,
      Candidate candidate,
      Graph pruned,
      FixedSequence sequence,
      Comparison found,
      ResultBuilder result) {
    RunCost cost = new RunCost(inputs, policy, spec.threads(), monitor);
    result.candidate(candidate);
    result.macs(cost.macs(inputs.model().graph()), cost.macs(sequence.deployment().real(pruned)));
    result.gate(sequence.judge().describe(found));
  }

  private EngineOutcome.Judged report(EngineOutcome.Judged outcome, Digests digests)
      throws IOException {
    ReportFile.write(outcome, digests.training(), OutputFile.directory(spec));
    return outcome;
  }
}
