package dev.espalier.engine.score;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/** What each weight is worth; the lowest scores are removed. */
public sealed interface Criterion
    permits Magnitude,
        Lamp,
        RandomScore,
        GradientSign,
        TaylorSigned,
        Taylor,
        Snip,
        Movement,
        Wanda,
        Obs {

  /**
   * Scores of a tensor's weights.
   *
   * @param ordinal position of the tensor among the prunable ones
   * @param weights finite; they must not change while the scores are used
   * @param evidence {@link Sensitivity} of the loss to the same weights where {@link #need()} is of
   *     gradients, {@link LayerInputs} where it is of inputs, {@link Moved} where it is of
   *     movement; may be absent where it is of nothing, or of reconstruction
   */
  Scores score(int ordinal, Weights weights, @Nullable Evidence evidence);

  /** What scores depend on beside the weights. */
  default Need need() {
    return Need.NOTHING;
  }

  /**
   * A criterion with what a policy says about it.
   *
   * @param name one of those that the policy names
   */
  static Criterion of(Policy.Criterion name, Policy policy) {
    return switch (name) {
      case MAGNITUDE -> new Magnitude();
      case GRADIENT_SIGN -> new GradientSign(policy.sign());
      case TAYLOR_SIGNED -> new TaylorSigned();
      case TAYLOR -> new Taylor();
      case SNIP -> new Snip();
      case LAMP -> new Lamp();
      case RANDOM -> new RandomScore(policy.seed());
      case MOVEMENT -> new Movement();
      case WANDA -> new Wanda(policy.scope());
      case OBS -> new Obs();
      case FILTER_L1, FILTER_L2, BATCH_NORM_SCALE, GEOMETRIC_MEDIAN ->
          throw new IllegalArgumentException("the criterion " + name.wire() + " is not built");
    };
  }
}
