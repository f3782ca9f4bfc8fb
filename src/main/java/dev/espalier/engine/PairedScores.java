package dev.espalier.engine;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.Policy;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.metric.Recalls;
import java.util.List;
import java.util.Optional;

/**
 * Scores two models on the same samples, and compares them as the gate does.
 *
 * @param scorer scores on the validation set
 * @param policy the gate, and the seed of its resamples
 */
record PairedScores(Scorer scorer, Policy policy) {

  /**
   * What the model as it came scores, which must tell the samples apart.
   *
   * @throws dev.espalier.contract.Refusal {@code model-malformed}, or {@code data-mismatch}
   */
  Scored baseline(Graph graph, int... samples) {
    List<Recalls> recalls = recalls();
    return new Scored(scorer.baseline(graph, recalls, samples), recalls);
  }

  /** The same on further samples. */
  Scored asSubmitted(Graph graph, int... samples) {
    List<Recalls> recalls = recalls();
    return new Scored(scorer.measureAsSubmitted(graph, recalls, samples), recalls);
  }

  /**
   * What a version of it scores.
   *
   * @throws dev.espalier.engine.metric.NotANumber when it has no metric
   */
  Scored of(Graph version, int... samples) {
    List<Recalls> recalls = recalls();
    return new Scored(scorer.measure(version, recalls, samples), recalls);
  }

  private List<Recalls> recalls() {
    return policy.gate().perClassMaxDrop() == null
        ? List.of()
        : List.of(new Recalls(scorer.yardstick()));
  }

  /** The class that a version is known to harm most, where the policy has a condition on that. */
  Optional<ClassDrop> harmed(Scored before, Scored after) {
    return before.recalls().isEmpty()
        ? Optional.empty()
        : new Gate(policy.gate()).harmed(before.recalls().get(0), after.recalls().get(0));
  }

  /** How a version compares with the model as it came, on the same samples. */
  Comparison compare(Scored before, Scored after) {
    Gate gate = new Gate(policy.gate());
    Comparison found =
        gate.compare(before.measured(), after.measured(), policy.seed(), scorer.monitor()::worked);
    return before.recalls().isEmpty()
        ? found
        : gate.withClasses(found, before.recalls().get(0), after.recalls().get(0));
  }
}
