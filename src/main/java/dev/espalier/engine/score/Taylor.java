package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = (g·w)²} with g = ∂L/∂w: the square of the change of the loss that the first-order
 * Taylor expansion predicts for making w zero (Molchanov et al. 2019, arXiv:1906.10771, equation
 * 8). Squaring is monotone on |g·w|, so weights are ordered by |g·w| and nothing underflows that a
 * square would lose. g is that of the mean loss over the samples, not the mean of squares per
 * sample. Where g or w is zero, s = 0.
 */
record Taylor() implements Criterion {
  @Override
  public boolean needsGradients() {
    return true;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return Sensitivity.required(evidence).ofProducts(Summation.SQUARES, Keys::ofMagnitude);
  }
}
