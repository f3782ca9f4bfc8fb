package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = −g·w} with g = ∂L/∂w: the change of the loss that the first-order Taylor expansion
 * predicts for making w zero, L(0) − L(w) ≈ −g·w (the expansion of Molchanov et al. 2017,
 * arXiv:1611.06440, without taking its absolute value). The weights whose removal promises the
 * largest decrease of the loss go first; the promise only holds for small changes. Where g or w is
 * zero, s = 0.
 */
record TaylorSigned() implements Criterion {
  @Override
  public Need need() {
    return Need.GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return Sensitivity.required(evidence)
        .ofProducts(Summation.SIGNED, product -> Keys.ofSigned(-product));
  }
}
