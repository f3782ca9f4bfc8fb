package dev.espalier.engine.metric;

/** Collects what a metric needs of a model's outputs. */
public interface Meter {
  /**
   * Takes in one sample. The arrays are only lent.
   *
   * @param place number of the sample, from 0; each comes once
   * @param output the model's output for it, flattened
   * @param target for classification the class index alone; otherwise as many values as the output
   * @throws NotANumber when the metric cannot be computed from what the model said
   */
  void add(int place, float[] output, float[] target);

  /** The measurement, after all samples. */
  Measurement measurement();
}
