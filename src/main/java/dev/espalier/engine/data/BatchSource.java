package dev.espalier.engine.data;

/** Samples of a data set, by index. */
public interface BatchSource {
  /** Number of samples. */
  int samples();

  /** The samples at {@code indices}, in that order; each index in [0, samples). */
  Batch batch(int... indices);
}
