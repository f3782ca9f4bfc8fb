package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = |w|} (Han et al. 2015, arXiv:1506.02626), of the real number that a weight stands for:
 * weights of different element types and scales are comparable.
 */
record Magnitude() implements Criterion {
  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return new Bits(weights);
  }

  private record Bits(Weights weights) implements Scores {
    @Override
    public int size() {
      return weights.size();
    }

    @Override
    public void keys(int from, int count, int[] into) {
      weights.magnitudes(from, count, into);
    }
  }
}
