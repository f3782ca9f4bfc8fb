package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.score.Need;
import java.util.Map;

/**
 * Removes units from a model: scores, masks and, where the criterion says so, what becomes of the
 * weights that stay.
 *
 * @param scope what may be removed
 * @param evidence what criteria look at beside the weights
 * @param reconstructor updates of the weights that stay
 * @param policy where scores are compared
 */
record Pruner(
    PruningScope scope, CriterionEvidence evidence, Reconstructor reconstructor, Policy policy) {

  /**
   * Removes until {@code total} units are gone.
   *
   * @param before not changed
   * @param step 1-based; another step draws other samples
   */
  Pruned prune(Candidate before, Policy.Criterion criterion, long total, int step) {
    Map<String, Mask> masks =
        scope.remove(
            before.masks(),
            before.weights(),
            criterion,
            evidence.at(before, criterion, step),
            policy.scope(),
            total);
    return scope.need(criterion) == Need.RECONSTRUCTION
        ? reconstructor.run(before.masks(), masks, before.weights(), step)
        : new Pruned(masks, Masking.apply(scope, masks, before.weights()));
  }
}
