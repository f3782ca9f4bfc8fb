package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = Σ (g·w)² / B} over batches of samples, with g = ∂L/∂w of a batch's mean loss: the mean
 * square of the change of the loss that the first-order Taylor expansion predicts for making w zero
 * (Molchanov et al. 2019, arXiv:1906.10771, equation 8, averaged over batches as in its section
 * 3.2). At an optimum the gradient of the mean loss over all samples is zero up to noise, whatever
 * the weight is worth; that of single batches is not, and its mean square estimates the diagonal of
 * the Fisher information.
 *
 * <p>w is the same for all batches, so with ĝ = √(Σ g²/B) weights are ordered by |ĝ·w|, and nothing
 * underflows that a square would lose. Where g or w is zero, s = 0.
 */
record Taylor() implements Criterion {
  @Override
  public Need need() {
    return Need.SQUARED_GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return Sensitivity.required(evidence).ofProducts(Summation.SQUARES, Keys::ofMagnitude);
  }
}
