package dev.espalier.engine.score;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Weights;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = |w|} among the weights whose gradient g = ∂L/∂w has the chosen sign; the others are no
 * candidates and stay. Where g is zero it has neither sign. With {@link Policy.Sign#ANY} every
 * weight is a candidate, whatever its gradient, which is then not asked for: the order is that of
 * {@code magnitude}. There may be fewer candidates than are to be removed; what is removed then is
 * all of them.
 *
 * <p>Source: the project's own guide; |w| is Han et al. 2015, arXiv:1506.02626.
 *
 * @param sign of the gradient that makes a weight a candidate
 */
record GradientSign(Policy.Sign sign) implements Criterion {
  @Override
  public Need need() {
    return sign == Policy.Sign.ANY ? Need.NOTHING : Need.GRADIENTS;
  }

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    Scores magnitudes = new Magnitude().score(ordinal, weights, evidence);
    if (need() == Need.NOTHING) {
      return magnitudes;
    }
    boolean positive = sign == Policy.Sign.POSITIVE;
    return new Chosen(
        magnitudes, Sensitivity.required(evidence).gradient().floats(), positive ? 1 : -1);
  }

  private record Chosen(Scores magnitudes, FloatBuffer gradient, int sign) implements Scores {
    @Override
    public int size() {
      return magnitudes.size();
    }

    @Override
    public boolean selective() {
      return true;
    }

    @Override
    public void keys(int from, int count, int[] into) {
      magnitudes.keys(from, count, into);
      for (int i = 0; i < count; i++) {
        if (Math.signum(gradient.get(from + i)) != sign) {
          into[i] = NO_CANDIDATE;
        }
      }
    }
  }
}
