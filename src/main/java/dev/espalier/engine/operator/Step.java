package dev.espalier.engine.operator;

import java.util.random.RandomGenerator;

/** One node bound to its buffers: the unit a tape plays forwards and backwards. */
public interface Step {
  /**
   * Writes the result from the operands.
   *
   * @param noise the run's random numbers, for the operators that train with noise
   */
  void forward(RandomGenerator noise);

  /**
   * The same while running statistics settle, when weights stay: a running statistic becomes the
   * mean of those of the batches since settling began, r ← r·i/(i + 1) + batch/(i + 1).
   *
   * @param noise the run's random numbers, for the operators that train with noise
   * @param batches batches since settling began, i, before this one
   */
  default void settle(RandomGenerator noise, int batches) {
    forward(noise);
  }

  /**
   * Writes (does not add to) the gradient of every operand that has one, from the result's gradient
   * and what {@link #forward} left behind.
   */
  void backward();
}
