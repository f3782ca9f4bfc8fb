package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import java.nio.FloatBuffer;

/**
 * An update rule over flat arrays with the mask inside its one loop: a removed weight's gradient
 * and moments are zeroed and the weight is set to +0 in every step, so zeros before are zeros
 * after, exactly. State starts at zero with the instance.
 */
sealed interface Optimizer permits Adam, Sgd {
  /** Elements worked on at a time, in heap arrays that fit the first cache level. */
  int BLOCK = 1024;

  /**
   * One update.
   *
   * @param weights read and written
   * @param gradients read
   * @param keep 1 for a kept weight, 0 for a removed one
   * @param rate step size α
   * @param scale what gradients are multiplied by first
   */
  void step(FloatBuffer weights, FloatBuffer gradients, FloatBuffer keep, double rate, float scale);

  /** A fresh optimiser for {@code size} weights. */
  static Optimizer of(Policy.Recover settings, int size) {
    return switch (settings.optimizer()) {
      case ADAM -> new Adam(0, size);
      case ADAMW -> new Adam(settings.weightDecay(), size);
      case SGD -> new Sgd((float) settings.momentum(), size);
    };
  }
}
