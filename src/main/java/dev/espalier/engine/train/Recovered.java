package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/**
 * What fine-tuning starts from, and what it leaves.
 *
 * @param weights all the graph's parameters by tensor name
 * @param movement Σ g·w over the updates so far by tensor name, of the tensors whose movement is
 *     followed; empty where none is
 */
public record Recovered(Map<String, Tensor> weights, Map<String, Tensor> movement) {
  /** Weights whose movement nobody follows. */
  public Recovered(Map<String, Tensor> weights) {
    this(weights, Map.of());
  }
}
