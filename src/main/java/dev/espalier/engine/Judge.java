package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.gate.Agreement;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.TangoTest;
import dev.espalier.engine.graph.Graph;
import java.util.BitSet;

/**
 * Opens the verdict half, once, for a candidate that nothing can change any more.
 *
 * @param scorer scores on the validation set
 * @param split its halves
 * @param policy tolerance, confidence and the seed of the split
 * @param data digest of the validation set
 */
record Judge(Scorer scorer, Split split, Policy policy, Digests data) {

  /**
   * How the candidate compares.
   *
   * @param table agreement with the model as it came
   * @param correct verdict samples, by place, that the candidate predicts right
   */
  record Judgement(Agreement table, BitSet correct) {}

  Judgement judge(Graph baseline, Graph candidate) {
    int[] samples = split.verdict();
    BitSet before = scorer.correctAsSubmitted(baseline, samples);
    BitSet after = scorer.correct(candidate, samples);
    return new Judgement(Agreement.of(before, after, samples.length), after);
  }

  /**
   * Scores a graph that was read back from a file, on the same samples.
   *
   * @throws IllegalStateException when any of them comes out differently
   */
  void confirm(Graph reloaded, Judgement judgement) {
    if (!scorer.correct(reloaded, split.verdict()).equals(judgement.correct())) {
      throw new IllegalStateException("self-check: the written model scores differently");
    }
  }

  /** The test, as results show it. */
  ModelResult.Gate describe(Agreement table) {
    Policy.Gate gate = policy.gate();
    return new ModelResult.Gate(
        gate.metric(),
        "higher-is-better",
        table.baseline(),
        table.pruned(),
        table.drop(),
        new ModelResult.Tolerance("absolute", gate.maxDrop()),
        new Gate(gate).upperBound(table),
        gate.confidence(),
        TangoTest.NAME,
        table.toResult(),
        table.samples(),
        new ModelResult.EvaluationSet(
            null,
            data.validation(),
            new ModelResult.Split(
                Split.ALGORITHM, policy.seed(), "verdict", split.verdictSha256())));
  }
}
