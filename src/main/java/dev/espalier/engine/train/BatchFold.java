package dev.espalier.engine.train;

import java.nio.FloatBuffer;

/** What is kept of the gradients by one parameter, batch by batch. */
interface BatchFold {
  /**
   * Takes a batch.
   *
   * @param share of all samples that is in it, in (0, 1]
   * @param gradient of its mean loss
   */
  void add(double share, FloatBuffer gradient);
}
