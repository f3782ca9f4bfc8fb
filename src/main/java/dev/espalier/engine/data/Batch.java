package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/**
 * Some samples, ready for a model.
 *
 * @param inputs by graph input name; float32 after preprocessing, or int64 for tokens; batch first
 * @param labels class index of each sample, int64, shape [n]
 */
public record Batch(Map<String, Tensor> inputs, Tensor labels) {
  /** Copies the map. */
  public Batch {
    inputs = Map.copyOf(inputs);
  }
}
