package dev.espalier.engine;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.InputsNotFinite;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.schedule.Course;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.surgery.RemovalNotProven;
import dev.espalier.engine.train.GradientsNotFinite;
import dev.espalier.engine.train.Recovered;
import dev.espalier.engine.train.RecoveryDiverged;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The steps of a job's course: score, mask, recover, evaluate on the search half, checkpoint.
 *
 * @param graph the model as it came
 * @param deployment the model that weights are written as
 * @param scope what may be removed from it
 * @param plan the schedule, and how many weights a sparsity is
 * @param policy criteria, scope, search and seed
 * @param pruner scores and masks
 * @param recoverer fine-tuning
 * @param scorer scores on the validation set
 * @param split its halves
 * @param checkpoints where each step is kept
 * @param monitor told of progress
 */
record Steps(
    Graph graph,
    Deployment deployment,
    PruningScope scope,
    Plan plan,
    Policy policy,
    Pruner pruner,
    Recoverer recoverer,
    Scorer scorer,
    Split split,
    Checkpoints checkpoints,
    Monitor monitor) {
  /** How much longer than the last step the next one may take. */
  private static final double RESERVE = 1.5;

  /** The model as it came, before the first step. */
  Candidate start() {
    return start(graph, scope);
  }

  /** The same for what is not run. */
  static Candidate start(Graph graph, PruningScope scope) {
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
   * The remaining steps of the course. A search ends early when the job's time would not do for
   * another step.
   *
   * @param candidate where to go on from
   * @param baseline what the model as it came scores on the search half
   * @param finished told of {@code candidate}, and of what each step leaves
   * @return what the last step leaves
   */
  Candidate run(Candidate candidate, Scored baseline, Consumer<Candidate> finished)
      throws IOException {
    Course course = course();
    int[] samples = split.search();
    long work = workPerStep();
    long history =
        scope.need(policy.criterion()) == Need.MOVEMENT && candidate.movement().isEmpty()
            ? recoverer.workPerStep()
            : 0;
    monitor.plan(history + Math.max(0, plan.steps() - candidate.step()) * work);
    Candidate current = candidate;
    finished.accept(current);
    Optional<Course.Move> move = course.next(tried(current, baseline));
    while (move.isPresent() && hasTimeFor(current)) {
      current = tryOut(move.get(), current, baseline, samples);
      finished.accept(current);
      ModelResult.Step done = current.trajectory().get(current.step() - 1);
      int steps = Math.max(plan.steps(), current.step());
      monitor.tell(
          new Progress.StepFinished(current.step(), steps, done.sparsity(), done.metric()));
      monitor.tell(new Progress.CheckpointWritten(current.step(), checkpoints.write(current)));
      monitor.checkDeadline();
      move = course.next(tried(current, baseline));
    }
    return current;
  }

  /** Work of one step by the policy's first criterion, in samples scored. */
  long workPerStep() {
    return pruner.evidence().workPerStep() + recoverer.workPerStep() + split.search().length;
  }

  private Course course() {
    List<Policy.Criterion> criteria = new ArrayList<>(List.of(policy.criterion()));
    criteria.addAll(policy.fallback());
    double ceiling = (double) scope.mostRemoved() / (double) scope.size();
    Set<Policy.Criterion> unusable =
        criteria.stream().filter(c -> unusable(c).isPresent()).collect(Collectors.toSet());
    return new Course(plan.schedule(), criteria, policy.search(), ceiling, plan.isWarm(), unusable);
  }

  /** Why a fallback cannot be used in this job; the policy's own criterion is refused before. */
  private Optional<String> unusable(Policy.Criterion criterion) {
    if (criterion == policy.criterion()) {
      return Optional.empty();
    }
    return pruner.evidence().obstacle(criterion).or(() -> recoverer.obstacle(criterion, scope));
  }

  private List<Course.Tried> tried(Candidate candidate, Scored baseline) {
    Gate gate = new Gate(policy.gate());
    List<Course.Tried> tried = new ArrayList<>();
    for (ModelResult.Step step : candidate.trajectory()) {
      Double bound = step.upperBound();
      Double drop = step.drop();
      boolean safe =
          bound != null && drop != null && gate.isSafe(baseline.measured().value(), drop, bound);
      tried.add(
          new Course.Tried(
              step.criterion(),
              step.target(),
              step.sparsity() + (double) scope.rounding() / (double) scope.size(),
              step.accepted(),
              safe,
              step.failure() != null));
    }
    return tried;
  }

  private boolean hasTimeFor(Candidate next) {
    return !policy.search().enabled()
        || next.step() == 0
        || RESERVE * next.trajectory().get(next.step() - 1).seconds() < monitor.secondsLeft();
  }

  /** A move that leaves the finite numbers has failed; what came before it stays. */
  private Candidate tryOut(Course.Move move, Candidate from, Scored baseline, int... samples) {
    long started = System.nanoTime();
    try {
      return make(move, from, baseline, samples);
    } catch (RecoveryDiverged
        | GradientsNotFinite
        | InputsNotFinite
        | NotANumber
        | RemovalNotProven
        | CriterionUnusable e) {
      List<ModelResult.Step> trajectory = new ArrayList<>(from.trajectory());
      trajectory.add(
          new ModelResult.Step(
              from.step() + 1,
              move.criterion(),
              move.sparsity(),
              (double) scope.removed(from.masks(), from.weights()) / (double) scope.size(),
              null,
              null,
              null,
              false,
              null,
              Monitor.secondsSince(started),
              String.valueOf(e.getMessage())));
      return new Candidate(
          from.step() + 1, from.masks(), from.weights(), trajectory, from.movement());
    }
  }

  private Candidate make(Course.Move move, Candidate from, Scored baseline, int... samples) {
    long started = System.nanoTime();
    unusable(move.criterion())
        .ifPresent(
            why -> {
              throw new CriterionUnusable(why);
            });
    int step = from.step() + 1;
    Candidate before = withHistory(move.fromStart() ? start() : from, move.criterion());
    monitor.stage(Progress.Stage.PRUNE);
    Pruned pruned = pruner.prune(before, move.criterion(), plan.removed(move.sparsity()), step);
    Map<String, Mask> masks = pruned.masks();
    monitor.stage(Progress.Stage.RECOVER);
    Recovered recovered =
        recoverer.recover(
            new Recovered(pruned.weights(), before.movement()),
            masks,
            step,
            tried -> score(masks, tried, samples));
    Map<String, Tensor> weights =
        Masking.withoutSubnormals(masks.keySet(), before.weights(), recovered.weights());
    monitor.stage(Progress.Stage.EVALUATE);
    PairedScores scores = new PairedScores(scorer, policy);
    Scored scored = scores.of(deployment.of(masks, weights), samples);
    double value = scored.measured().value();
    Gate gate = new Gate(policy.gate());
    // A search asks for what the verdict will ask for, the upper bound of the drop: a model whose
    // estimate just touches the tolerance would fail there.
    Comparison found =
        policy.search().enabled()
            ? gate.compare(baseline.measured(), scored.measured(), policy.seed(), monitor::worked)
            : null;
    Integer harmed = scores.harmed(baseline, scored).map(ClassDrop::index).orElse(null);
    boolean kept =
        found == null ? gate.tolerates(baseline.measured().value(), value) : found.kept();
    boolean accepted = kept && harmed == null;
    List<ModelResult.Step> trajectory = new ArrayList<>(from.trajectory());
    trajectory.add(
        new ModelResult.Step(
            step,
            move.criterion(),
            move.sparsity(),
            (double) scope.removed(masks, weights) / (double) scope.size(),
            value,
            policy.gate().metric().drop(baseline.measured().value(), value),
            found == null ? null : found.upperBound(),
            accepted,
            harmed,
            Monitor.secondsSince(started),
            null));
    // A search goes on from what was accepted; what a rejected trial left is of no more use.
    return policy.search().enabled() && !accepted
        ? new Candidate(step, from.masks(), from.weights(), trajectory, from.movement())
        : new Candidate(step, masks, weights, trajectory, recovered.movement());
  }

  /**
   * A criterion that looks back on recovery gets one to look back on, before the first removal.
   * Only the model as it came has none behind it.
   */
  private Candidate withHistory(Candidate before, Policy.Criterion criterion) {
    if (scope.need(criterion) != Need.MOVEMENT || !before.movement().isEmpty()) {
      return before;
    }
    monitor.stage(Progress.Stage.RECOVER);
    Recovered recovered =
        recoverer.warmUp(
            Recovered.of(before.weights(), scope.scored()),
            before.masks(),
            tried -> score(before.masks(), tried, split.search()));
    return new Candidate(
        before.step(),
        before.masks(),
        Masking.withoutSubnormals(scope.scored(), before.weights(), recovered.weights()),
        before.trajectory(),
        recovered.movement());
  }

  /** The metric of weights on the samples, turned so that higher is better. */
  private double score(Map<String, Mask> masks, Map<String, Tensor> weights, int... samples) {
    double value = scorer.measure(deployment.of(masks, weights), samples).value();
    return -policy.gate().metric().drop(0, value);
  }
}
