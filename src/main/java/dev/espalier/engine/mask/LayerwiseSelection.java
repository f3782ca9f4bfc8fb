package dev.espalier.engine.mask;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores are compared within each layer. How many weights a layer loses follows from one number
 * that all layers share, as far as its cap and what was gone before allow; that number is the one
 * at which the layers' losses add up. What rounding leaves goes to the layers with the largest
 * fractions, in order.
 *
 * @param share what a layer is to lose in all, rising with the shared number in [0, 1] from nothing
 *     or less to all its weights
 */
record LayerwiseSelection(Share share) implements Selection {
  /** Halvings of the unit interval: beyond the resolution of a double. */
  private static final int BISECTIONS = 60;

  /** What a layer is to lose, in weights. */
  interface Share {
    double of(Layer layer, double shared);
  }

  /** Every layer reaches the same sparsity. */
  static LayerwiseSelection uniform() {
    return new LayerwiseSelection((layer, sparsity) -> sparsity * (double) layer.size());
  }

  /**
   * Erdős–Rényi-kernel densities (Evci et al. 2020, arXiv:1911.11134): a layer of shape [out, in,
   * height, width] keeps ε · (out + in + height + width) weights, so that larger layers are the
   * sparser ones; ε is shared.
   */
  static LayerwiseSelection erdosRenyiKernel(List<Layer> layers) {
    double most =
        layers.stream()
            .mapToDouble(layer -> (double) layer.size() / (double) layer.dimensions())
            .max()
            .orElse(0);
    return new LayerwiseSelection(
        (layer, shared) ->
            (double) layer.size() - (1 - shared) * most * (double) layer.dimensions());
  }

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
  private long[] quotas(List<Layer> layers, long count) {
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
    double shared = low;
    double[] exact = layers.stream().mapToDouble(l -> wanted(l, shared)).toArray();
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

  private double wanted(Layer layer, double shared) {
    double more = share.of(layer, shared) - layer.removed();
    return Math.min(Math.max(0, more), (double) layer.removable());
  }
}
