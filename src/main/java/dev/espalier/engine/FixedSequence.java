package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.checkpoint.Checkpoints;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.Graph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Tests frozen candidates on the verdict half in ascending sparsity and stops at the first failure.
 * Each hypothesis is only tested when all before it were rejected, so every test may be made at the
 * full level, and all that passed are kept at that level together (fixed-sequence procedure:
 * Maurer, Hothorn and Lehmacher 1995; Westfall and Krishen 2001, Journal of Statistical Planning
 * and Inference 99:25–40): whichever of them is taken in the end, the chance that it is worse than
 * the tolerance allows stays below α.
 *
 * @param graph the model as it came
 * @param deployment the model that weights are written as
 * @param judge of the verdict half
 * @param policy the gate, and whether there was a search
 * @param checkpoints where what was accepted is kept
 */
record FixedSequence(
    Graph graph, Deployment deployment, Judge judge, Policy policy, Checkpoints checkpoints) {
  private static final System.Logger LOG = System.getLogger(FixedSequence.class.getName());

  /**
   * A candidate and how it compares.
   *
   * @param step that left it
   * @param comparison on the verdict half
   */
  record Tested(ModelResult.Step step, Comparison comparison) {}

  /**
   * The steps whose models are candidates, by ascending sparsity: with a search all that were
   * accepted under the criterion that succeeded, without one the end of the last schedule that was
   * run to its end.
   */
  List<ModelResult.Step> candidates(Candidate last) {
    List<ModelResult.Step> steps = last.trajectory();
    if (!policy.search().enabled()) {
      return ends(steps).stream().filter(end -> end.failure() == null).limit(1).toList();
    }
    ModelResult.Step end = steps.get(steps.size() - 1);
    return steps.stream()
        .filter(step -> step.accepted() && step.criterion() == end.criterion())
        .sorted(Comparator.comparingDouble(ModelResult.Step::sparsity))
        .toList();
  }

  /** The last step of each criterion, latest criterion first. */
  private static List<ModelResult.Step> ends(List<ModelResult.Step> steps) {
    Map<Policy.Criterion, ModelResult.Step> ends = new EnumMap<>(Policy.Criterion.class);
    steps.forEach(step -> ends.put(step.criterion(), step));
    return ends.values().stream()
        .sorted(Comparator.comparingInt(ModelResult.Step::step).reversed())
        .toList();
  }

  /**
   * The candidates that pass, sparsest first, or else the one that failed; empty without
   * candidates.
   *
   * @param last what the course left
   */
  List<Tested> run(Candidate last) {
    List<ModelResult.Step> candidates = candidates(last);
    if (candidates.isEmpty()) {
      return List.of();
    }
    Scored baseline = judge.baseline(graph);
    List<Tested> passed = new ArrayList<>();
    for (ModelResult.Step step : candidates) {
      Optional<Candidate> kept = frozen(step, last);
      if (kept.isEmpty()) {
        continue;
      }
      Candidate candidate = kept.get();
      Tested tested =
          new Tested(
              step, judge.judge(baseline, deployment.of(candidate.masks(), candidate.weights())));
      if (new Gate(policy.gate()).metricFailure(tested.comparison()).isPresent()) {
        return passed.isEmpty() ? List.of(tested) : passed;
      }
      passed.add(0, tested);
    }
    return passed;
  }

  /**
   * What a step left, with the trajectory of the whole job; empty when its checkpoint is lost,
   * which costs this candidate alone.
   */
  Optional<Candidate> frozen(ModelResult.Step step, Candidate last) {
    if (step.step() == last.step()) {
      return Optional.of(last);
    }
    try {
      Candidate kept = checkpoints.read(step.step());
      return Optional.of(
          new Candidate(last.step(), kept.masks(), kept.weights(), last.trajectory()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "candidate of step {0} is lost: {1}", step.step(), e);
      return Optional.empty();
    }
  }

  /**
   * The candidates as results show them, each written and measured.
   *
   * @param directory where files are written and deleted again
   */
  List<ModelResult.Candidate> describe(SourceModel model, Candidate last, Path directory)
      throws IOException {
    List<ModelResult.Candidate> described = new ArrayList<>();
    for (ModelResult.Step step : candidates(last)) {
      Optional<Candidate> kept = frozen(step, last);
      if (kept.isPresent()) {
        Graph pruned = deployment.of(kept.get().masks(), kept.get().weights());
        long bytes = OutputFile.zstdBytes(model, pruned, directory);
        Double metric = Objects.requireNonNull(step.metric(), "an accepted step has a metric");
        described.add(new ModelResult.Candidate(step.sparsity(), metric, bytes));
      }
    }
    return described;
  }
}
