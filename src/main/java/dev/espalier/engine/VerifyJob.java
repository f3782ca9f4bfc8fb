package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import java.io.IOException;

/** Recounts and re-scores, in a process of its own, a model that was pushed. */
final class VerifyJob {
  private final JobSpec spec;
  private final Monitor monitor;

  VerifyJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.stage(Progress.Stage.LOAD);
    Policy policy = Inputs.required(spec.policy(), "policy");
    try (Inputs inputs = Inputs.load(spec, monitor)) {
      Graph graph = inputs.model().graph();
      int[] samples = Split.of(inputs.validation(), policy.seed()).verdict();
      monitor.stage(Progress.Stage.EVALUATE);
      monitor.plan(samples.length);
      Scorer scorer = inputs.scorer(policy.gate().metric(), spec.threads(), monitor);
      return new EngineOutcome.Verified(
          NonZero.count(graph), scorer.measure(graph, samples).value(), samples.length);
    }
  }
}
