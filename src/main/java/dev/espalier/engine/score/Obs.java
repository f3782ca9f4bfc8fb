package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Layer-wise reconstruction (Frantar and Alistarh 2023, arXiv:2301.00774). Which weights of a
 * tensor go, and what becomes of the others, is found by reconstructing its outputs; the scores
 * here only say how many go of each tensor. Errors of the outputs of different layers cannot be
 * compared, so that is as {@code lamp} has it: the source prunes all layers by the same fraction,
 * which is the scope {@code layer}.
 */
record Obs() implements Criterion {
  @Override
  public Need need() {
    return Need.RECONSTRUCTION;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return new Lamp().score(ordinal, weights, evidence);
  }
}
