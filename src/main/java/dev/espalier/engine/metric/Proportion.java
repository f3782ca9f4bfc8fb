package dev.espalier.engine.metric;

import java.util.BitSet;

/**
 * A fraction of samples: those that are right.
 *
 * @param right which, by place
 * @param samples number of samples
 */
public record Proportion(BitSet right, int samples) implements Measurement {

  @Override
  public double value() {
    return (double) right.cardinality() / samples;
  }

  @Override
  public double value(int[] counts) {
    long hits = 0;
    for (int i = right.nextSetBit(0); i >= 0; i = right.nextSetBit(i + 1)) {
      hits += counts[i];
    }
    long all = 0;
    for (int count : counts) {
      all += count;
    }
    return (double) hits / all;
  }

  @Override
  public double without(int sample) {
    return (double) (right.cardinality() - (right.get(sample) ? 1 : 0)) / (samples - 1);
  }
}
