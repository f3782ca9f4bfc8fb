package dev.espalier.engine.data;

import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/**
 * Some samples, ready for a model.
 *
 * @param inputs by graph input name; of the types the model takes, after preprocessing; batch first
 * @param targets what the model should say: for classification the class index of each sample,
 *     int64 of shape [n]; for regression and multilabel float32 of shape [n, values]
 */
public record Batch(Map<String, Tensor> inputs, Tensor targets) {
  /** Copies the map. */
  public Batch {
    inputs = Map.copyOf(inputs);
  }

  /**
   * An input.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public Tensor input(String name) {
    Tensor input = inputs.get(name);
    if (input == null) {
      throw new IllegalArgumentException("no input '" + name + "' in the batch");
    }
    return input;
  }
}
