package dev.espalier.engine.format.dl4j;

import java.util.Optional;

/**
 * A layer of a network, with what its inference and its flat parameters need. What only steers
 * Deeplearning4j's own training (updaters, regularisation, constraints, initialisation) is not
 * read.
 */
sealed interface Layer permits Convolution, Dense, Pooling, Elementwise {
  /** The configured name, or the one Deeplearning4j gives. */
  String name();

  /** What it takes, where the layer's own settings tell. */
  Optional<Flow> input();

  /** Appends its operators and takes its parameters, in the order of Deeplearning4j. */
  void appendTo(GraphAssembler graph);
}
