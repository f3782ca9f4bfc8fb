package dev.espalier.engine.checkpoint;

import dev.espalier.contract.ModelResult;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model on its way: what the next step goes on from. Nothing else carries over to it.
 *
 * @param step steps done; 0 before the first
 * @param masks by tensor name, for the tensors that are pruned
 * @param weights float parameters by tensor name
 * @param trajectory one entry per step done
 * @param movement Σ g·w over all updates of recovery so far by tensor name, where a criterion
 *     follows it; empty before the first recovery and where none does
 */
public record Candidate(
    int step,
    Map<String, Mask> masks,
    Map<String, Tensor> weights,
    List<ModelResult.Step> trajectory,
    Map<String, Tensor> movement) {
  /** Copies its collections, not what they hold; keeps their order. */
  public Candidate {
    masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    trajectory = List.copyOf(trajectory);
    movement = Collections.unmodifiableMap(new LinkedHashMap<>(movement));
  }

  /** A model whose movement no criterion follows. */
  public Candidate(
      int step,
      Map<String, Mask> masks,
      Map<String, Tensor> weights,
      List<ModelResult.Step> trajectory) {
    this(step, masks, weights, trajectory, Map.of());
  }
}
