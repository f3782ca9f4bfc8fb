package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = |g·w| / Σ|g·w|} with g = ∂L/∂w, the sum over all weights of the model: connection
 * sensitivity (Lee et al. 2019, arXiv:1810.02340, equation 6). The sum is the same positive number
 * for every weight, so the order is that of |g·w|, and that of {@code taylor}; where all products
 * are zero and the quotient is undefined, all weights are equal. The paper scores once, at random
 * weights before training; here every step scores the weights as they are.
 */
record Snip() implements Criterion {
  @Override
  public Need need() {
    return Need.GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return Sensitivity.required(evidence).ofProducts(Summation.MAGNITUDES, Keys::ofMagnitude);
  }
}
