package dev.espalier.engine.surgery;

/** How channels pass through an operator. */
interface Rule {
  /**
   * Unites the units that the node binds together, pins those that cannot pass, and says which the
   * results have. Whatever it says nothing about is fixed.
   */
  void apply(Passage passage);
}
