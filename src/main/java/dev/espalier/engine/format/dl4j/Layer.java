package dev.espalier.engine.format.dl4j;

import java.util.Optional;

/**
 * A layer of a network, with what its inference and its flat parameters need. What only steers
 * Deeplearning4j's own training (updaters, regularisation, initialisation) is not read.
 */
interface Layer {
  /** What it takes, where the layer's own settings tell. */
  default Optional<Flow> input() {
    return Optional.empty();
  }

  /** Whether what it gives is an image, a sequence or a vector because what it takes is one. */
  default boolean keepsKind() {
    return true;
  }

  /**
   * Appends its operators and takes its parameters, in the order of Deeplearning4j.
   *
   * @throws dev.espalier.contract.Refusal when it does not take such a value
   */
  Value appendTo(Assembly graph, Value value);
}
