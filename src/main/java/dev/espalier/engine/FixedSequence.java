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
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tests frozen candidates on the verdict half in ascending sparsity and stops at the first failure;
 * the last pass is the result. Each hypothesis is only tested when all before it were rejected, so
 * every test may be made at the full level (fixed-sequence procedure: Maurer, Hothorn and Lehmacher
 * 1995; Westfall and Krishen 2001, Journal of Statistical Planning and Inference 99:25–40).
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
   * @param candidate with the trajectory of the whole job
   */
  record Tested(Candidate candidate, Comparison comparison) {}

  /**
   * The steps whose models are candidates, by ascending sparsity: without a search the last one,
   * with a search all that were accepted under the criterion that succeeded.
   */
  List<ModelResult.Step> candidates(Candidate last) {
    List<ModelResult.Step> steps = last.trajectory();
    ModelResult.Step end = steps.get(steps.size() - 1);
    return policy.search().enabled()
        ? steps.stream()
            .filter(step -> step.accepted() && step.criterion() == end.criterion())
            .sorted(Comparator.comparingDouble(ModelResult.Step::sparsity))
            .toList()
        : end.failure() == null ? List.of(end) : List.of();
  }

  /**
   * The last candidate that passes, or else the first, which failed; empty without candidates.
   *
   * @param last what the course left
   */
  Optional<Tested> run(Candidate last) {
    if (candidates(last).isEmpty()) {
      return Optional.empty();
    }
    Judge.Scored baseline = judge.baseline(graph);
    Optional<Tested> result = Optional.empty();
    for (ModelResult.Step step : candidates(last)) {
      Optional<Candidate> kept = frozen(step, last);
      if (kept.isEmpty()) {
        continue;
      }
      Candidate candidate = kept.get();
      Comparison found =
          judge.judge(baseline, deployment.of(candidate.masks(), candidate.weights()));
      boolean fails = new Gate(policy.gate()).metricFailure(found).isPresent();
      if (fails && result.isPresent()) {
        return result;
      }
      result = Optional.of(new Tested(candidate, found));
      if (fails) {
        return result;
      }
    }
    return result;
  }

  /** What a step left; empty when its checkpoint is lost, which costs this candidate alone. */
  private Optional<Candidate> frozen(ModelResult.Step step, Candidate last) {
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
