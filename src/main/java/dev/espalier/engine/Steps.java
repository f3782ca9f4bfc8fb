package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.mask.PruningScope;
import dev.espalier.engine.score.Criterion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The steps of a schedule: score, mask, recover, evaluate on the search half, checkpoint.
 *
 * @param graph the model as it came
 * @param scope what may be removed from it
 * @param plan how much is gone after each step
 * @param policy criterion, scope and seed
 * @param recoverer fine-tuning
 * @param scorer scores on the validation set
 * @param split its halves
 * @param checkpoints where each step is kept
 * @param monitor told of progress
 */
record Steps(
    Graph graph,
    PruningScope scope,
    Plan plan,
    Policy policy,
    Recoverer recoverer,
    Scorer scorer,
    Split split,
    Checkpoints checkpoints,
    Monitor monitor) {

  /** The model as it came, before the first step. */
  Candidate start() {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter parameter : graph.parameters()) {
      boolean mayChange =
          graph.tensor(parameter).type() == DataType.FLOAT
              || scope.tensors().contains(parameter.tensor());
      if (mayChange) {
        weights.put(parameter.tensor(), graph.tensor(parameter));
      }
    }
    return new Candidate(0, scope.initialMasks(), weights, List.of());
  }

  /**
   * The remaining steps, to the end of the schedule.
   *
   * @param candidate where to go on from
   * @param baseline metric of the model as it came, on the search half
   * @param finished told of {@code candidate}, and of what each step leaves
   * @return what the last step leaves
   */
  Candidate run(Candidate candidate, double baseline, Consumer<Candidate> finished)
      throws IOException {
    int[] samples = split.search();
    monitor.plan((plan.steps() - candidate.step()) * (recoverer.workPerStep() + samples.length));
    Candidate current = candidate;
    finished.accept(current);
    while (current.step() < plan.steps()) {
      current = next(current, baseline, samples);
      finished.accept(current);
      ModelResult.Step done = current.trajectory().get(current.step() - 1);
      monitor.tell(
          new Progress.StepFinished(current.step(), plan.steps(), done.sparsity(), done.metric()));
      monitor.tell(new Progress.CheckpointWritten(current.step(), checkpoints.write(current)));
      monitor.checkDeadline();
    }
    return current;
  }

  private Candidate next(Candidate from, double baseline, int... samples) {
    long started = System.nanoTime();
    int step = from.step() + 1;
    monitor.stage(Progress.Stage.PRUNE);
    Map<String, Mask> masks =
        scope.remove(
            from.masks(),
            from.weights(),
            Criterion.of(policy.criterion(), policy.seed()),
            policy.scope(),
            plan.removedAfter(step));
    Map<String, Tensor> masked = Masking.apply(scope, masks, from.weights());
    monitor.stage(Progress.Stage.RECOVER);
    Map<String, Tensor> recovered = recoverer.recover(masked, masks, step);
    Map<String, Tensor> weights =
        Masking.withoutSubnormals(masks.keySet(), from.weights(), recovered);
    monitor.stage(Progress.Stage.EVALUATE);
    double metric = scorer.measure(graph.with(weights), samples).value();
    List<ModelResult.Step> trajectory = new ArrayList<>(from.trajectory());
    trajectory.add(
        new ModelResult.Step(
            step,
            plan.schedule().sparsity(step),
            (double) scope.zeros(weights) / (double) scope.size(),
            metric,
            policy.gate().metric().drop(baseline, metric),
            new Gate(policy.gate()).tolerates(baseline, metric),
            Monitor.secondsSince(started)));
    return new Candidate(step, masks, weights, trajectory);
  }
}
