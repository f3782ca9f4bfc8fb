package dev.espalier.engine.score;

/** What a criterion looks at beside the weights themselves. */
public enum Need {
  NOTHING,
  /** Gradients of the mean loss over the samples. */
  GRADIENTS,
  /** Gradients of typical batches, √(Σ g²/B), rather than of the mean loss over all of them. */
  SQUARED_GRADIENTS,
  /** Σ g·w of whole positions of a tensor, batch by batch. */
  AXIS_PRODUCTS,
  /** What flows into the layers. */
  INPUTS,
  /**
   * What flows into the layers, as a whole: weights are chosen by layer-wise reconstruction, which
   * updates those that stay; scores then say no more than how many go of each tensor.
   */
  RECONSTRUCTION,
  /** How the weights moved in recovery. */
  MOVEMENT;

  /** Whether gradients of the loss have to be computed. */
  public boolean isOfGradients() {
    return this == GRADIENTS || this == SQUARED_GRADIENTS || this == AXIS_PRODUCTS;
  }

  /** Whether the layers' inputs have to be known. */
  public boolean isOfInputs() {
    return this == INPUTS || this == RECONSTRUCTION;
  }
}
