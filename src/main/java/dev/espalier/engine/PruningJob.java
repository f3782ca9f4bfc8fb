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
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.report.Environment;
import dev.espalier.engine.report.ReportFile;
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
      Candidate last =
          steps.run(resumed.orElseGet(steps::start), prepared.baseline(), result::candidate);
      Judge judge = new Judge(prepared.scorer(), prepared.split(), policy, digests);
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
    result.memory(cost.memory(pruned, OutputFile.directory(spec)));
    return result.pruned(output.describe(inputs.model(), archive, copy.orElse(null)));
  }

  private EngineOutcome.Judged report(EngineOutcome.Judged outcome, Digests digests)
      throws IOException {
    ReportFile.write(outcome, digests.training(), OutputFile.directory(spec));
    return outcome;
  }
}
