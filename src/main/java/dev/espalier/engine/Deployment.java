package dev.espalier.engine;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import java.util.Map;

/**
 * What users will run: the model that a candidate's weights are written as. Every score, the
 * verdict and the file are of this one, never of the weights on their way.
 *
 * @param graph the model as it came
 * @param scope what is removed from it
 */
record Deployment(Graph graph, PruningScope scope) {

  /**
   * The model with the weights of a candidate; a function of its arguments.
   *
   * @param masks what is gone, by tensor name
   * @param weights by tensor name
   */
  Graph of(Map<String, Mask> masks, Map<String, Tensor> weights) {
    return scope.without(masks, graph.with(weights));
  }
}
