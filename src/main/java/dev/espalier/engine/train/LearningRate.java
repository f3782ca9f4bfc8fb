package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Policy.Recover.LearningRateSchedule;

/**
 * The size of each update's step, α(t) for the updates t = 0 … T − 1 of a run.
 *
 * <ul>
 *   <li>constant: α(t) = α₀
 *   <li>cosine: α(t) = α₀/2 · (1 + cos(πt/T)), which would reach 0 at T (Loshchilov and Hutter
 *       2017, arXiv:1608.03983, equation 5, without restarts)
 *   <li>step: α₀, a tenth of it from t ≥ T/2 on and a hundredth from t ≥ 3T/4 on (the usual
 *       multi-step decay: He et al. 2015, arXiv:1512.03385, section 4.2)
 * </ul>
 *
 * @param schedule which of them
 * @param first α₀, above 0
 * @param updates T, at least 0
 */
record LearningRate(LearningRateSchedule schedule, double first, long updates) {
  private static final double DECAY = 0.1;

  /** The rates of a run of so many updates. */
  static LearningRate of(Policy.Recover settings, long updates) {
    return new LearningRate(settings.learningRateSchedule(), settings.learningRate(), updates);
  }

  /**
   * The rate of an update.
   *
   * @param update its number, in [0, updates)
   */
  double at(long update) {
    return switch (schedule) {
      case CONSTANT -> first;
      case COSINE -> first / 2 * (1 + Math.cos(Math.PI * update / updates));
      case STEP -> first * (past(3, update) ? DECAY * DECAY : past(2, update) ? DECAY : 1);
    };
  }

  /** Whether at least so many quarters of the updates are over. */
  private boolean past(int quarters, long update) {
    return 4.0 * update >= (double) quarters * updates;
  }
}
