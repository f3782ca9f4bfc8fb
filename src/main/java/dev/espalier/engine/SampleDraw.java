package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.train.Gradients;
import java.util.stream.IntStream;

/**
 * The samples that criteria look at: a seeded draw of the training data or, where there are none,
 * of the half of the validation set that steers the job.
 */
final class SampleDraw {
  private final Dataset data;
  private final int[] from;
  private final Policy policy;

  private SampleDraw(Dataset data, Policy policy, int... from) {
    this.data = data;
    this.from = from;
    this.policy = policy;
  }

  static SampleDraw of(Inputs inputs, Split split, Policy policy) {
    Dataset training = inputs.trainingData();
    return training == null
        ? new SampleDraw(inputs.validation(), policy, split.search())
        : new SampleDraw(training, policy, IntStream.range(0, training.samples()).toArray());
  }

  /** What the samples are of. */
  Dataset data() {
    return data;
  }

  /** The samples of a 1-based step; another step draws others. */
  int[] at(int step) {
    return Gradients.draw(from, policy.gradientSamples(), policy.seed() + step);
  }

  /** Samples per step. */
  int size() {
    return Math.min(policy.gradientSamples(), from.length);
  }
}
