package dev.espalier.engine.score;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/** What each weight is worth; the lowest scores are removed. */
public sealed interface Criterion
    permits Magnitude, Lamp, RandomScore, GradientSign, TaylorSigned, Taylor, Snip {

  /**
   * Scores of a tensor's weights.
   *
   * @param ordinal position of the tensor among the prunable ones
   * @param weights finite; they must not change while the scores are used
   * @param sensitivity of the loss to the same weights; may be absent where {@link
   *     #needsGradients()} is false
   */
  Scores score(int ordinal, Weights weights, @Nullable Sensitivity sensitivity);

  /** Whether scores depend on the gradient of the loss. */
  default boolean needsGradients() {
    return false;
  }

  /**
   * The criterion a policy names.
   *
   * @param seed of {@code random}
   * @param sign of {@code gradient-sign}
   */
  static Criterion of(Policy.Criterion name, long seed, Policy.Sign sign) {
    return switch (name) {
      case MAGNITUDE -> new Magnitude();
      case GRADIENT_SIGN -> new GradientSign(sign);
      case TAYLOR_SIGNED -> new TaylorSigned();
      case TAYLOR -> new Taylor();
      case SNIP -> new Snip();
      case LAMP -> new Lamp();
      case RANDOM -> new RandomScore(seed);
      case MOVEMENT, WANDA, OBS, FILTER_L1, FILTER_L2, BATCH_NORM_SCALE, GEOMETRIC_MEDIAN ->
          throw new IllegalArgumentException("the criterion " + name.wire() + " is not built");
    };
  }
}
