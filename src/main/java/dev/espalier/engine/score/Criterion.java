package dev.espalier.engine.score;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Weights;

/** What each weight is worth; the lowest scores are removed. */
public sealed interface Criterion permits Magnitude, Lamp, RandomScore {

  /**
   * Scores of a tensor's weights.
   *
   * @param ordinal position of the tensor among the prunable ones
   * @param weights finite; they must not change while the scores are used
   */
  Scores score(int ordinal, Weights weights);

  /** The criterion a policy names. */
  static Criterion of(Policy.Criterion name, long seed) {
    return switch (name) {
      case MAGNITUDE -> new Magnitude();
      case LAMP -> new Lamp();
      case RANDOM -> new RandomScore(seed);
    };
  }
}
