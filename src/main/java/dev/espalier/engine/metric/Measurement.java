package dev.espalier.engine.metric;

/** How well one model did on some samples, and would have done on resamples of them. */
public interface Measurement {
  /** Number of samples n. */
  int samples();

  /** The metric on the samples, in its own unit. */
  double value();

  /**
   * The metric when sample i counts {@code counts[i]} times; not a number where it is undefined.
   *
   * @param counts n numbers, not negative
   */
  double value(int[] counts);

  /** The metric without one sample; not a number where it is undefined. */
  double without(int sample);
}
