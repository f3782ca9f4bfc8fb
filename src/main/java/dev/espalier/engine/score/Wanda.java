package dev.espalier.engine.score;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.WeightMatrix;
import dev.espalier.engine.graph.Weights;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code S = |w|·‖x‖₂}, with ‖x‖₂ the norm of the input that w is multiplied with over calibration
 * samples, compared among the weights of one output (Sun et al. 2023, arXiv:2306.11695, equation 1
 * and section 3). What outputs are compared by follows from the scope:
 *
 * <ul>
 *   <li>{@code layer} and {@code erk}: by the rank among the output's weights as a share of their
 *       number, so that all outputs of a layer lose the same fraction, as in the paper; the scope
 *       says how much that is for each layer.
 *   <li>{@code global}: by {@code S² / Σ S'²}, the sum over the weights of the same output that are
 *       not lower: the share of what is left of the output's energy that goes with the weight if
 *       inputs are uncorrelated, as {@code lamp} compares layers (Lee et al. 2021,
 *       arXiv:2010.07611). The highest weight of each output has 1, so that none is emptied before
 *       the others.
 * </ul>
 *
 * Within an output the order is that of S either way; equal scores go by position. Weights that are
 * zero come first.
 *
 * @param scope what outputs are compared across
 */
record Wanda(Policy.Scope scope) implements Criterion {
  @Override
  public Need need() {
    return Need.INPUTS;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    LayerInputs inputs = LayerInputs.required(evidence);
    WeightMatrix matrix = inputs.matrix();
    int[] keys = new int[weights.size()];
    weights.magnitudes(0, keys.length, keys);
    double[] scores = new double[matrix.columns()];
    int[] image = new int[scores.length];
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < scores.length; column++) {
        double magnitude = Float.intBitsToFloat(keys[matrix.element(row, column)]);
        scores[column] = magnitude * inputs.norm(row, column);
      }
      rank(scores, image);
      for (int column = 0; column < scores.length; column++) {
        keys[matrix.element(row, column)] = image[column];
      }
    }
    return KeyArray.of(keys);
  }

  /** Writes the keys of one output's weights. */
  private void rank(double[] scores, int[] image) {
    double[] ascending = scores.clone();
    Arrays.sort(ascending);
    double[] relative = new double[ascending.length];
    double notLower = 0;
    for (int rank = ascending.length - 1; rank >= 0; rank--) {
      double square = ascending[rank] * ascending[rank];
      notLower += square;
      relative[rank] =
          scope == Policy.Scope.GLOBAL
              ? square == 0 ? 0 : square / notLower
              : ascending[rank] == 0 ? 0 : (rank + 1.0) / ascending.length;
    }
    for (int i = 0; i < scores.length; i++) {
      image[i] = Keys.ofMagnitude(relative[first(ascending, scores[i])]);
    }
  }

  /** Rank of the first of those equal to {@code value}. */
  private static int first(double[] ascending, double value) {
    int low = 0;
    int high = Arrays.binarySearch(ascending, value);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
