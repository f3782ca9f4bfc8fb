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
   * @param evidence {@link Sensitivity} of the loss to the same weights where {@link
   *     #needsGradients()}, {@link LayerInputs} where {@link #needsInputs()}, {@link Moved} where
   *     {@link #needsMovement()}; may be absent where none of them
   */
  Scores score(int ordinal, Weights weights, @Nullable Evidence evidence);

  /** Whether scores depend on the gradient of the loss. */
  default boolean needsGradients() {
    return false;
  }

  /**
   * Whether the gradient is that of typical batches, √(Σ g²/B), rather than of the mean loss over
   * all of them.
   */
  default boolean squaresGradients() {
    return false;
  }

  /** Whether scores depend on what flows into the layers. */
  default boolean needsInputs() {
    return false;
  }

  /** Whether scores depend on how the weights moved in recovery. */
  default boolean needsMovement() {
    return false;
  }

  /**
   * Whether weights are chosen by layer-wise reconstruction, which updates those that stay: scores
   * then say no more than how many go of each tensor.
   */
  default boolean reconstructs() {
    return false;
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
