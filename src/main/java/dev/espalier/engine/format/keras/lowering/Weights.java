package dev.espalier.engine.format.keras.lowering;

import dev.espalier.engine.graph.Parameter.Role;

/**
 * The weights that one layer takes from the file, in the order of Keras' {@code layer.weights}: the
 * trainable ones as they were added, then the others.
 */
public interface Weights {
  /**
   * Takes a weight. Its elements are there when the whole model has been lowered.
   *
   * @param name as Keras names it: {@code kernel}, {@code recurrent_kernel}, {@code moving_mean}, …
   * @param role what it is to the layer
   * @param arrangement what the graph's tensor is to the weight
   * @param kerasShape the shape it must have in the file
   * @return name of the graph's initializer
   */
  String take(String name, Role role, Arrangement arrangement, long... kerasShape);

  /** Passes over a weight that inference does not need and that need not be there. */
  void skip(String name);

  /**
   * The weights of a part that Keras stores as an object of its own: {@code cell}, {@code
   * forward_layer}, {@code backward_layer}, {@code layer}.
   */
  Weights part(String attribute);

  /** The same weights, frozen unless {@code trained}; those that are frozen stay so. */
  Weights trainedIf(boolean trained);
}
