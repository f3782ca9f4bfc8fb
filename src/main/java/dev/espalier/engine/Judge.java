package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.metric.Head;

/**
 * Opens the verdict half, for candidates that nothing can change any more.
 *
 * @param scorer scores on the validation set
 * @param split its halves
 * @param policy metric, tolerance, confidence and the seed of the split
 * @param data digest of the validation set
 */
record Judge(Scorer scorer, Split split, Policy policy, Digests data) {

  /** What the model as it came scores. */
  Scored baseline(Graph graph) {
    return scores().asSubmitted(graph, split.verdict());
  }

  private PairedScores scores() {
    return new PairedScores(scorer, policy);
  }

  /** How the candidate compares with the model as it came. */
  Comparison judge(Scored before, Graph candidate) {
    return scores().compare(before, scores().of(candidate, split.verdict()));
  }

  /**
   * Scores a graph that was read back from a file, on the same samples.
   *
   * @throws IllegalStateException when it comes out differently
   */
  void confirm(Graph reloaded, Comparison found) {
    if (scorer.measure(reloaded, split.verdict()).value() != found.pruned()) {
      throw new IllegalStateException("self-check: the written model scores differently");
    }
  }

  /** The test, as results show it. */
  ModelResult.Gate describe(Comparison found) {
    Policy.Gate gate = policy.gate();
    Head head = scorer.yardstick().head();
    return new ModelResult.Gate(
        gate.metric(),
        gate.metric().direction(),
        found.baseline(),
        found.pruned(),
        found.drop(),
        new ModelResult.Tolerance(gate.dropType().wire(), gate.maxDrop()),
        found.upperBound(),
        gate.confidence(),
        found.test(),
        found.agreement(),
        found.classes(),
        found.samples(),
        head.alone() ? null : head.output(),
        new ModelResult.EvaluationSet(
            null,
            data.validation(),
            new ModelResult.Split(
                split.algorithm(), policy.seed(), "verdict", split.verdictSha256())));
  }
}
