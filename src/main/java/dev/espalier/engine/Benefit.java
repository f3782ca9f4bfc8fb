package dev.espalier.engine;

import dev.espalier.contract.Latency;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Reason;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.RatioOfMedians;
import dev.espalier.engine.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sparsest of the candidates that kept the metric which is also as small and as fast as the
 * policy asks. Sizes are facts, so that any number of candidates may be looked at. Speeds are
 * measured: where several candidates might be, each test takes half of the error that is left (α/2,
 * α/4, …), so that all of them together call a model fast that is not in at most α of the cases
 * (Bonferroni's inequality).
 *
 * @param model the model as it came
 * @param sequence what the candidates are
 * @param cost measures speed
 * @param policy the conditions
 * @param directory where the file is written
 * @param monitor told of the stages
 */
record Benefit(
    SourceModel model,
    FixedSequence sequence,
    RunCost cost,
    Policy policy,
    Path directory,
    Monitor monitor) {

  /**
   * A candidate with what it gains.
   *
   * @param candidate with the trajectory of the whole job
   * @param pruned the model it is deployed as
   * @param comparison on the verdict half
   * @param output its file, which is deleted where there is a loss
   * @param latency absent where it was not measured
   * @param loss the condition that it misses; absent when it meets all
   */
  record Found(
      Candidate candidate,
      Graph pruned,
      Comparison comparison,
      OutputFile output,
      @Nullable Latency latency,
      @Nullable Reason loss) {}

  /**
   * Looks at candidates until one meets the conditions.
   *
   * @param last what the course left
   * @param passed candidates that keep the metric, sparsest first; not empty
   * @return that candidate, or else the sparsest with what it misses; empty when the checkpoints of
   *     all are lost
   */
  Optional<Found> find(Candidate last, List<FixedSequence.Tested> passed) throws IOException {
    boolean several = passed.size() > 1 && Gate.minSpeedup(policy).orElse(0.0) > 0;
    double level = several ? stricter(policy.gate().confidence()) : policy.gate().confidence();
    Found first = null;
    for (FixedSequence.Tested tested : passed) {
      Optional<Candidate> kept = sequence.frozen(tested.step(), last);
      if (kept.isEmpty()) {
        continue;
      }
      monitor.checkDeadline();
      Found found = weigh(kept.get(), tested.comparison(), first == null, level);
      if (found.loss() == null) {
        return Optional.of(found);
      }
      Files.delete(found.output().file());
      first = first == null ? found : first;
      level = several && found.latency() != null ? stricter(level) : level;
      if (level > RatioOfMedians.STRICTEST) {
        break;
      }
    }
    return Optional.ofNullable(first);
  }

  private static double stricter(double level) {
    return 1 - (1 - level) / 2;
  }

  /** Measures the speed of what is small enough, and of what is reported in any case. */
  private Found weigh(Candidate candidate, Comparison comparison, boolean reported, double level)
      throws IOException {
    Graph pruned = sequence.deployment().of(candidate.masks(), candidate.weights());
    monitor.stage(Progress.Stage.WRITE);
    OutputFile output = OutputFile.write(model, pruned, directory);
    Optional<Reason> tooLarge =
        new Gate(policy.gate()).sizeFailure(output.bytesBefore(), output.sizes().zstd());
    Latency latency = null;
    if (reported || tooLarge.isEmpty()) {
      monitor.stage(Progress.Stage.MEASURE);
      latency = cost.latency(pruned, level).orElse(null);
    }
    Optional<Reason> tooSlow = Gate.speedFailure(policy, latency);
    return new Found(
        candidate, pruned, comparison, output, latency, tooLarge.or(() -> tooSlow).orElse(null));
  }
}
