package dev.espalier.engine;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/**
 * What users will run: the model that a candidate's weights are written as. Every score, the
 * verdict and the file are of this one, never of the weights on their way.
 *
 * @param graph the model as it came
 */
record Deployment(Graph graph) {

  /**
   * The model with the weights of a candidate; a function of its arguments.
   *
   * @param weights by tensor name
   */
  Graph of(Map<String, Tensor> weights) {
    return graph.with(weights);
  }
}
