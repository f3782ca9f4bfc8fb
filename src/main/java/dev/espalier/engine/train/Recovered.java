package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What fine-tuning starts from, and what it leaves.
 *
 * @param weights all the graph's parameters by tensor name
 * @param movement Σ g·w over the updates so far by tensor name, of the tensors whose movement is
 *     followed; empty where none is
 */
public record Recovered(Map<String, Tensor> weights, Map<String, Tensor> movement) {
  /**
   * Weights before any update.
   *
   * @param followed names of the tensors whose movement is followed
   */
  public static Recovered of(Map<String, Tensor> weights, Set<String> followed) {
    Map<String, Tensor> sums = new LinkedHashMap<>();
    for (String name : followed) {
      sums.put(name, Tensor.zeros(DataType.FLOAT, weights.get(name).shape()));
    }
    return new Recovered(weights, sums);
  }

  /** Weights whose movement nobody follows. */
  public Recovered(Map<String, Tensor> weights) {
    this(weights, Map.of());
  }
}
