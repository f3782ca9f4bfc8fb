package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import java.util.List;

/** Removes weights in the units of a granularity, the lowest scores first. */
public sealed interface Removal permits SingleWeights, WholeBlocks, GroupPatterns {

  /**
   * Most weights that can be gone from a layer, whatever their scores.
   *
   * @param layer its tensors with their masks as the model came, and {@link EqualScores}
   */
  long mostRemoved(ScoredLayer layer);

  /**
   * Removes units until {@code total} weights are gone. Nothing happens when as many are gone
   * already. Fewer are gone afterwards when the criterion has too few candidates.
   *
   * @param layers in the model's order; their masks change
   * @throws dev.espalier.contract.Refusal {@code policy-invalid} when the layers' caps leave too
   *     few to remove, or a layer would lose its last weight
   */
  void removeUntil(List<ScoredLayer> layers, Policy.Scope scope, long total);
}
