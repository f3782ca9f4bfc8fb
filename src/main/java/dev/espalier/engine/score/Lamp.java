package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = w² / Σ w'²}, the sum over the weights of the tensor that are not smaller than w (Lee
 * et al. 2021, arXiv:2010.07611): layer-adaptive magnitude pruning. Within a tensor the order is
 * that of the magnitudes; the scores make tensors comparable, and the largest weight of each has
 * score 1, so that none is emptied before the others. Equal magnitudes have equal scores.
 */
record Lamp() implements Criterion {
  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    int[] magnitudes = new int[weights.size()];
    weights.magnitudes(0, magnitudes.length, magnitudes);
    int[] ascending = magnitudes.clone();
    // Magnitudes are bits without sign, so their signed order is the unsigned one.
    Arrays.sort(ascending);
    int[] keys = keysByRank(ascending);
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = keys[Arrays.binarySearch(ascending, magnitudes[i])];
    }
    return KeyArray.of(magnitudes);
  }

  /** Keys of the sorted magnitudes; equal magnitudes have the key of the first of them. */
  private static int[] keysByRank(int[] ascending) {
    int[] keys = new int[ascending.length];
    double notSmaller = 0;
    for (int rank = ascending.length - 1; rank >= 0; rank--) {
      double magnitude = Float.intBitsToFloat(ascending[rank]);
      notSmaller += magnitude * magnitude;
      double score = magnitude == 0 ? 0 : magnitude * magnitude / notSmaller;
      keys[rank] = Float.floatToRawIntBits((float) score);
    }
    for (int rank = 1; rank < keys.length; rank++) {
      if (ascending[rank] == ascending[rank - 1]) {
        keys[rank] = keys[rank - 1];
      }
    }
    return keys;
  }
}
