package dev.espalier.engine.mask;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores are compared within each layer, and every layer reaches the same sparsity, as far as its
 * cap and what was gone before allow: the common sparsity is the one at which the numbers to remove
 * add up; what rounding leaves goes to the layers with the largest fractions, in order.
 */
record UniformSelection() implements Selection {
  /** Halvings of the unit interval: beyond the resolution of a double. */
  private static final int BISECTIONS = 60;

  @Override
  public void removeMore(List<Layer> layers, long count) {
    long[] quota = quotas(layers, count);
    for (int l = 0; l < quota.length; l++) {
      List<Candidates> tensors = layers.get(l).tensors();
      if (quota[l] > 0) {
        ThresholdSelection.lowest(tensors, quota[l]).removeFrom(tensors);
      }
    }
  }

  /** How many weights each layer loses; they add up to {@code count}. */
  private static long[] quotas(List<Layer> layers, long count) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      double removed = layers.stream().mapToDouble(l -> wanted(l, middle)).sum();
      if (removed <= (double) count) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double sparsity = low;
    double[] exact = layers.stream().mapToDouble(l -> wanted(l, sparsity)).toArray();
    long[] quota = new long[exact.length];
    long left = count;
    for (int l = 0; l < quota.length; l++) {
      quota[l] = (long) exact[l];
      left -= quota[l];
    }
    List<Integer> byFraction =
        IntStream.range(0, quota.length)
            .boxed()
            .sorted(Comparator.comparingDouble(l -> (double) quota[l] - exact[l]))
            .toList();
    while (left > 0) {
      for (int l : byFraction) {
        if (left > 0 && quota[l] < layers.get(l).removable()) {
          quota[l]++;
          left--;
        }
      }
    }
    return quota;
  }

  private static double wanted(Layer layer, double sparsity) {
    double more = sparsity * (double) layer.size() - layer.removed();
    return Math.min(Math.max(0, more), (double) layer.removable());
  }
}
