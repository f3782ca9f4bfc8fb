package dev.espalier.engine;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.SampleSize;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.TrialInputs;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.surgery.RemovalProof;
import java.io.IOException;
import java.util.Optional;

/**
 * What is settled before the first step, and what it takes to be refused.
 *
 * @param split halves of the validation set
 * @param scorer scores on it
 * @param scope what may be removed
 * @param deployment the model that weights are written as
 * @param plan the schedule
 * @param evidence what criteria look at beside the weights
 * @param baseline what the model as it came scores on the search half
 * @param tolerance the drop that the verdict samples have to show, in the metric's unit
 * @param secondsPerSample what scoring took
 */
record Preparation(
    Split split,
    Scorer scorer,
    PruningScope scope,
    Deployment deployment,
    Plan plan,
    CriterionEvidence evidence,
    Scored baseline,
    double tolerance,
    double secondsPerSample) {

  /**
   * Prepares a job, cheapest refusals first.
   *
   * @throws Refusal when it cannot be done
   */
  static Preparation of(JobSpec spec, Policy policy, Inputs inputs, Monitor monitor)
      throws IOException {
    Graph graph = inputs.model().graph();
    Split split = Split.of(inputs.validation(), policy.seed());
    Scorer scorer = inputs.scorer(policy.gate().metric(), spec.threads(), monitor);
    new Gate(policy.gate()).requireClasses(inputs.task());
    // No proportion exceeds 1: what cannot show a share of that shows none of a real baseline.
    requireSamples(policy, split, 1);
    RemovalProof proof =
        new RemovalProof(TrialInputs.of(graph, inputs.validation(), policy.seed(), split.search()));
    PruningScope scope = PruningScope.of(inputs.model(), inputs.sizedGraph(), policy, proof);
    Deployment deployment = Deployment.of(inputs.model(), policy, scope);
    long gone = scope.removed(scope.initialMasks(), graph.initializers());
    Plan plan =
        Plan.of(policy, scope.size(), gone, scope.mostRemoved()).warmed(policy, spec.warmStart());
    CriterionEvidence evidence =
        CriterionEvidence.of(graph, scope, inputs, split, policy, spec.threads(), monitor);
    monitor.stage(Progress.Stage.BASELINE);
    long started = System.nanoTime();
    Scored baseline = new PairedScores(scorer, policy).baseline(graph, split.search());
    double seconds = Monitor.secondsSince(started);
    return new Preparation(
        split,
        scorer,
        scope,
        deployment,
        plan,
        evidence,
        baseline,
        requireSamples(policy, split, baseline.measured().value()),
        seconds / split.search().length);
  }

  /** That verdict samples are few, where they are fewer than advised. */
  Optional<String> advice(Policy policy) {
    long verdict = split.verdict().length;
    long advised =
        policy.gate().metric().isProportion()
            ? SampleSize.advised(tolerance, policy.gate().confidence())
            : 0;
    return verdict >= advised
        ? Optional.empty()
        : Optional.of(
            "%d verdict samples: a model as good as its baseline may fail; %d give it 80 %% power"
                .formatted(verdict, advised));
  }

  /** Refuses too few verdict samples; returns the drop they have to show, in the metric's unit. */
  private static double requireSamples(Policy policy, Split split, double baseline) {
    double tolerance = new Gate(policy.gate()).tolerance(baseline);
    if (policy.gate().metric().isProportion()) {
      SampleSize.require(split.verdict().length, tolerance, policy.gate().confidence());
    } else {
      SampleSize.requireForBootstrap(split.verdict().length);
    }
    return tolerance;
  }
}
