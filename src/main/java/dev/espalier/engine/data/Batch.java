package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/**
 * Some samples, ready for a model.
 *
 * @param inputs by graph input name; float32 after preprocessing, or int64 for tokens; batch first
 * @param targets what the model should say: for classification the class index of each sample,
 *     int64 of shape [n]; for regression and multilabel float32 of shape [n, values]
 */
public record Batch(Map<String, Tensor> inputs, Tensor targets) {
  /** Copies the map. */
  public Batch {
    inputs = Map.copyOf(inputs);
  }
}
