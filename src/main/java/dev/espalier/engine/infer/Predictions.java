package dev.espalier.engine.infer;

import dev.espalier.engine.data.Dataset;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Predicted classes of some samples, in the order they were asked for. */
public final class Predictions {
  /** Stands for a sample whose output was not a number: never a class, so never right. */
  static final int NONE = -1;

  private final int[] samples;
  private final int[] classes;

  Predictions(int[] samples, int[] classes) {
    this.samples = samples;
    this.classes = classes;
  }

  /** Number of samples. */
  public int size() {
    return samples.length;
  }

  /** Predicted class of the sample asked for as the {@code i}-th, or −1 where there is none. */
  public int predicted(int i) {
    return classes[i];
  }

  /** Which samples, by their place in the order asked for, are predicted as {@code data} say. */
  public BitSet correct(Dataset data) {
    BitSet correct = new BitSet(size());
    for (int i = 0; i < size(); i++) {
      correct.set(i, classes[i] == data.label(samples[i]));
    }
    return correct;
  }

  /** First sample whose output was not a number. */
  OptionalInt firstWithout() {
    return IntStream.range(0, size())
        .filter(i -> classes[i] == NONE)
        .map(i -> samples[i])
        .findFirst();
  }
}
