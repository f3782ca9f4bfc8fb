package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.gate.SampleSize;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.Macs;
import dev.espalier.engine.report.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Finds out what a job would do and cost; whatever it would be refused for is refused here. */
final class PlanJob {
  /** About the longest time for the sensitivity profile. */
  private static final double PROFILE_SECONDS = 60;

  /** A trained sample: forwards once, and backwards by weights and by inputs. */
  private static final int PASSES = 3;

  private final JobSpec spec;
  private final Policy policy;
  private final Monitor monitor;

  PlanJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.policy = Inputs.required(spec.policy(), "policy");
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.stage(Progress.Stage.LOAD);
    try (Inputs inputs = Inputs.load(spec, monitor)) {
      Preparation prepared = Preparation.of(spec, policy, inputs, monitor);
      Candidate start = Steps.start(inputs.model().graph(), prepared.scope());
      try (Recoverer recoverer =
          Recoverer.of(
              inputs.model().graph(), prepared.scope(), inputs, policy, spec.threads(), monitor)) {
        monitor.stage(Progress.Stage.RECOVER);
        OptionalDouble training = recoverer.secondsPerSample(start);
        monitor.stage(Progress.Stage.MEASURE);
        List<JobPlan.Sensitivity> profile =
            new SensitivityProfile(prepared, policy, start).measure(PROFILE_SECONDS);
        return new EngineOutcome.Planned(plan(inputs, prepared, recoverer, training, profile));
      }
    }
  }

  private JobPlan plan(
      Inputs inputs,
      Preparation prepared,
      Recoverer recoverer,
      OptionalDouble training,
      List<JobPlan.Sensitivity> profile)
      throws IOException {
    Graph graph = inputs.model().graph();
    long parameters = graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum();
    Optional<Macs> macs = new RunCost(inputs, policy, spec.threads(), monitor).macs(graph);
    Dataset trainingData = inputs.trainingData();
    JobPlan.Recovery recovery =
        new JobPlan.Recovery(
            trainingData == null ? null : (long) trainingData.samples(),
            policy.recover().epochs(),
            recoverer.obstacle().orElse(null));
    long work = prepared.evidence().workPerStep();
    return new JobPlan(
        inputs.model().format(),
        parameters,
        macs.map(Macs::total).orElse(null),
        inputs.task(),
        ModelResult.EffectivePolicy.of(policy),
        scope(graph, prepared),
        schedule(prepared.plan()),
        recovery,
        work == 0 ? null : (long) prepared.evidence().draw().size(),
        samples(prepared),
        cost(prepared, recovery, macs.map(Macs::total).orElse(null), training),
        memory(parameters, training.isPresent()),
        profile,
        warnings(prepared, recovery));
  }

  private static JobPlan.Scope scope(Graph graph, Preparation prepared) {
    List<JobPlan.Tensor> tensors =
        graph.prunable().stream()
            .map(
                p ->
                    new JobPlan.Tensor(
                        p.source(),
                        p.layer(),
                        graph.tensor(p).size(),
                        prepared.scope().scored().contains(p.tensor())))
            .toList();
    return new JobPlan.Scope(
        prepared.scope().unit(),
        prepared.scope().size(),
        prepared.scope().removed(prepared.scope().initialMasks(), graph.initializers()),
        prepared.scope().mostRemoved(),
        tensors);
  }

  private static List<JobPlan.Step> schedule(Plan plan) {
    return IntStream.rangeClosed(1, plan.steps())
        .mapToObj(
            step -> {
              double sparsity = plan.schedule().sparsity(step);
              return new JobPlan.Step(step, sparsity, plan.removed(sparsity));
            })
        .toList();
  }

  private JobPlan.Samples samples(Preparation prepared) {
    long search = prepared.split().search().length;
    long verdict = prepared.split().verdict().length;
    double baseline = prepared.baseline().measured().value();
    if (!policy.gate().metric().isProportion()) {
      return new JobPlan.Samples(search, verdict, baseline, null, null, null, null);
    }
    double confidence = policy.gate().confidence();
    return new JobPlan.Samples(
        search,
        verdict,
        baseline,
        SampleSize.needed(prepared.tolerance(), confidence),
        SampleSize.advised(prepared.tolerance(), confidence),
        SampleSize.smallestDrop(verdict, confidence),
        SampleSize.likelyDrop(verdict, confidence));
  }

  private JobPlan.Cost cost(
      Preparation prepared,
      JobPlan.Recovery recovery,
      @Nullable Long macs,
      OptionalDouble training) {
    double scoring = prepared.secondsPerSample();
    long search = prepared.split().search().length;
    Long samples = recovery.samples();
    long trained =
        training.isPresent() && samples != null ? samples * policy.recover().epochs() : 0;
    long scored = prepared.evidence().workPerStep() + search;
    double step = scored * scoring + trained * training.orElse(0);
    // The baseline, then original, candidate and file on the verdict half.
    long ends = search + 3L * prepared.split().verdict().length;
    int steps = prepared.plan().steps();
    int trials = policy.search().enabled() ? policy.search().maxTrials() : 0;
    int most = (steps + trials) * (1 + policy.fallback().size());
    return new JobPlan.Cost(
        1 / scoring,
        training.isPresent() ? (Double) (1 / training.getAsDouble()) : null,
        macs == null
            ? null
            : (Double) ((double) macs * (steps * ((double) scored + PASSES * trained) + ends)),
        ends * scoring + steps * step,
        ends * scoring + most * step);
  }

  private JobPlan.Memory memory(long parameters, boolean recovers) throws IOException {
    long peak = Environment.peakMemory();
    // Before and after a step; weights in training, their gradients and two moments.
    long versions = recovers ? 6 : 2;
    return new JobPlan.Memory(peak, peak + versions * Float.BYTES * parameters);
  }

  private List<String> warnings(Preparation prepared, JobPlan.Recovery recovery) {
    List<String> warnings = new ArrayList<>();
    prepared.advice(policy).ifPresent(warnings::add);
    if (recovery.obstacle() != null) {
      warnings.add("no recovery: " + recovery.obstacle());
    }
    prepared
        .evidence()
        .obstacles()
        .forEach((fallback, why) -> warnings.add("no fallback to " + fallback.wire() + ": " + why));
    long most = prepared.scope().mostRemoved();
    if (prepared.plan().last() > most) {
      warnings.add(
          "the target removes %d of %d %s, and minimum-kept and overrides let no more than %d go"
              .formatted(
                  prepared.plan().last(), prepared.scope().size(), prepared.scope().unit(), most));
    }
    return warnings;
  }
}
