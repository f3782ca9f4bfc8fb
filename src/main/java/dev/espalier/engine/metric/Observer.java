package dev.espalier.engine.metric;

/** Is shown a model's outputs, sample by sample. */
public interface Observer {
  /**
   * Takes in one sample. The arrays are only lent.
   *
   * @param place number of the sample, from 0; they come in order, each once
   * @param output the model's output for it, flattened
   * @param target for classification the class index alone; otherwise as many values as the output
   * @throws NotANumber when a metric cannot be computed from what the model said
   */
  void add(int place, float[] output, float[] target);
}
