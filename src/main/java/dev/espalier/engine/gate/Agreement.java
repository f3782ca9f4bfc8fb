package dev.espalier.engine.gate;

import dev.espalier.contract.ModelResult;
import java.util.BitSet;

/**
 * The 2×2 table of paired predictions.
 *
 * @param both samples both models predict right
 * @param onlyBaseline samples only the baseline predicts right
 * @param onlyPruned samples only the pruned model predicts right
 * @param neither samples both predict wrong
 */
public record Agreement(long both, long onlyBaseline, long onlyPruned, long neither) {

  /**
   * The table of two models on the same {@code samples} samples.
   *
   * @param baseline samples the baseline predicts right
   * @param pruned samples the pruned model predicts right
   */
  public static Agreement of(BitSet baseline, BitSet pruned, int samples) {
    BitSet shared = (BitSet) baseline.clone();
    shared.and(pruned);
    long both = shared.cardinality();
    long onlyBaseline = baseline.cardinality() - both;
    long onlyPruned = pruned.cardinality() - both;
    return new Agreement(
        both, onlyBaseline, onlyPruned, samples - both - onlyBaseline - onlyPruned);
  }

  /** Number of samples. */
  public long samples() {
    return both + onlyBaseline + onlyPruned + neither;
  }

  /** Accuracy of the baseline, in [0, 1]. */
  public double baseline() {
    return (double) (both + onlyBaseline) / samples();
  }

  /** Accuracy of the pruned model, in [0, 1]. */
  public double pruned() {
    return (double) (both + onlyPruned) / samples();
  }

  /** Baseline minus pruned, in [−1, 1]. */
  public double drop() {
    return (double) (onlyBaseline - onlyPruned) / samples();
  }

  /** The table as results show it. */
  public ModelResult.Agreement toResult() {
    return new ModelResult.Agreement(both, onlyBaseline, onlyPruned, neither);
  }
}
